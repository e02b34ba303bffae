using Larder.NostrMls.Tests.Contract;
using Larder.Tests;
using Xunit;

namespace Larder.NostrMls.Tests.Model;

/// <summary>A random walk: every call goes to a store and to the model, and must have the same result or the same refusal; after every step both must hold the same.</summary>
internal sealed class Walk(int seed, MlsStoreOptions options, Func<NostrMlsStore> open)
{
    private readonly Random _random = new(seed);
    private readonly ManualTimeProvider _clock = (ManualTimeProvider)options.TimeProvider;
    private readonly SimpleStore _model = new(options);
    private readonly List<(MlsCapture Real, SimpleStore Model)> _captures = [];
    private NostrMlsStore _store = open();
    private string _last = "";

    internal int Operations { get; private set; }

    internal int Refusals { get; private set; }

    internal int Transactions { get; private set; }

    /// <summary>Takes so many steps; now and then the store is closed and opened again if there is a way to.</summary>
    internal void Run(int operations, int? reopenEvery = null)
    {
        int next = reopenEvery ?? int.MaxValue;
        while (Operations < operations)
        {
            try
            {
                Step();
                Compare();
                if (Operations >= next)
                {
                    Reopen();
                    next += reopenEvery!.Value;
                }
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"seed {seed}, after {Operations} operations, the last one being {_last}: {error.Message}", error);
            }
        }

        _captures.ForEach(capture => capture.Real.Dispose());
        _store.Dispose();
    }

    private void Reopen()
    {
        _store.Dispose();
        _store = open();
        Compare();

        // What was read is not kept: both begin with one order that is known.
        foreach (Group group in _store.GetAllGroups())
        {
            _store.FindGroup(group.MlsGroupId);
            _model.FindGroup(group.MlsGroupId);
        }

        for (int number = 0; number < 8; number++)
        {
            _store.FindWelcome(Some.Event(number))?.Dispose();
            _model.FindWelcome(Some.Event(number));
        }
    }

    private void Compare()
    {
        string text = Dump.Of(_store.Core.State);
        Assert.Equal(_model.Text(), text[..text.LastIndexOf("MlsUsage", StringComparison.Ordinal)]);
        Integrity.Verify(_store.Core.State, options);
    }

    private void Step()
    {
        if (_random.Next(10) == 0)
        {
            _clock.Advance(TimeSpan.FromSeconds(_random.Next(5)));
        }

        if (_random.Next(12) != 0)
        {
            Call(_store);
            return;
        }

        Transactions++;
        SimpleStore before = _model.Copy();
        bool throws = _random.Next(3) == 0;
        Exception? thrown = Record.Exception(() => _store.RunInTransaction(handle =>
        {
            for (int calls = _random.Next(1, 6); calls > 0; calls--)
            {
                Call(handle);
            }

            if (throws)
            {
                throw new TimeoutException();
            }
        }));
        if (throws)
        {
            Assert.IsType<TimeoutException>(thrown);
            _model.Assign(before);
        }
        else if (thrown is not null)
        {
            throw thrown;
        }
    }

    private void Both(string name, Func<object?> real, Func<object?> model)
    {
        _last = name;
        Operations++;
        SimpleStore before = _model.Copy();
        try
        {
            string expected = Text(model());
            Assert.Equal(expected, Text(real()));
        }
        catch (Refusal refusal)
        {
            Refusals++;
            _model.Assign(before);
            var refused = Assert.Throws<MlsStoreException>(real);
            Assert.Equal(refusal.Kind, refused.Kind);
            Assert.Contains(refusal.Words, refused.Message, StringComparison.Ordinal);
        }
    }

    private void Both(string name, Action real, Action model) => Both(
        name,
        () =>
        {
            real();
            return null;
        },
        () =>
        {
            model();
            return null;
        });

    private static string Text(object? result) => result switch
    {
        null => "-",
        string text => text,
        byte[] bytes => Convert.ToHexStringLower(bytes),
        SecretBytes secret => Convert.ToHexStringLower(secret.Span),
        QueuedProposal proposal => Convert.ToHexStringLower([.. proposal.Reference, .. proposal.Body.Span]),
        Group group => Dump.Of(group),
        Message message => Dump.Of(message),
        ProcessedMessage record => Dump.Of(record),
        Welcome welcome => Dump.Of(welcome),
        MlsGroupId id => id.ToHex(),
        EventId id => id.ToHex(),
        GroupRelay relay => relay.RelayUrl.Text,
        System.Collections.IEnumerable list => string.Join('|', list.Cast<object?>().Select(Text)),
        _ => result.ToString()!,
    };

    private int Number(int below) => _random.Next(below);

    private ulong Small() => (ulong)_random.Next(5);

    private void Call(IMlsOperations store)
    {
        int group = Number(5);
        MlsGroupId id = Some.GroupId(group);
        int number = Number(8);
        EventId evt = Some.Event(number);
        EventId wrapper = Some.Wrapper(number);
        ulong small = Small();
        byte[] value = Some.Value(Number(200), Number(6));
        ulong now = UnixSeconds.Now(_clock).Value;
        string name = $"snapshot {Number(3)}";
        var label = (ExporterLabel)Number(3);
        var order = (MessageSortOrder)Number(2);
        int limit = Number(20) == 0 ? 0 : 1 + Number(4);
        int offset = Number(4);
        switch (Number(44))
        {
            case 0 or 1 or 2:
                Group saved = NewGroup(group);
                Both("SaveGroup", () => store.SaveGroup(saved), () => _model.SaveGroup(saved));
                break;
            case 3:
                Both("FindGroup", () => store.FindGroup(id), () => _model.FindGroup(id));
                break;
            case 4:
                Both("FindGroup by Nostr id", () => store.FindGroup(Some.NostrId(group)), () => _model.FindGroup(Some.NostrId(group)));
                break;
            case 5:
                RelayUrl[] relays = [.. Enumerable.Range(0, Number(6)).Select(_ => Some.Relay(Number(6)))];
                Both("ReplaceRelays", () => store.ReplaceRelays(id, relays), () => _model.ReplaceRelays(id, relays));
                break;
            case 6:
                Both("GetRelays", () => store.GetRelays(id), () => _model.GetRelays(id));
                break;
            case 7 or 8:
                byte[] secret = Some.Value(Number(200), 32);
                Both("SaveExporterSecret", () => store.SaveExporterSecret(new ExporterSecret { MlsGroupId = id, Epoch = small, Label = label, Secret = new SecretBytes(secret) }), () => _model.SaveSecret(id, small, label, secret));
                break;
            case 9:
                Both("GetExporterSecret", () => store.GetExporterSecret(id, small, label)?.Secret, () => _model.GetSecret(id, small, label));
                break;
            case 10:
                Both("PruneExporterSecrets", () => store.PruneExporterSecrets(id, small), () => _model.PruneSecrets(id, small));
                break;
            case 11:
                Both("GetGroupsNeedingSelfUpdate", () => store.GetGroupsNeedingSelfUpdate(small), () => _model.NeedingSelfUpdate(now, small));
                break;
            case 12 or 13 or 14 or 15:
                Message message = Some.Message(group, number, Small(), Small(), Number(3) == 0 ? null : Small(), $"text {Number(9)}") with { State = (MessageState)Number(4) };
                Both("SaveMessage", () => store.SaveMessage(message), () => _model.SaveMessage(message));
                break;
            case 16:
                Both("FindMessage", () => store.FindMessage(id, evt), () => _model.FindMessage(id, evt));
                break;
            case 17:
                Both("GetMessages", () => store.GetMessages(id, new MessageQuery { Limit = limit, Offset = offset, Order = order }), () => _model.GetMessages(id, limit, offset, order));
                break;
            case 18:
                Both("GetLastMessage", () => store.GetLastMessage(id, order), () => _model.GetMessages(id, 1, 0, order).FirstOrDefault());
                break;
            case 19:
                Both("InvalidateMessagesAfterEpoch", () => store.InvalidateMessagesAfterEpoch(id, small), () => _model.Invalidate(id, small));
                break;
            case 20:
                Both("FindInvalidatedMessages", () => store.FindInvalidatedMessages(id), () => _model.Invalidated(id));
                break;
            case 21:
                Both("DeleteMessage", () => store.DeleteMessage(id, evt), () => _model.DeleteMessage(id, evt));
                break;
            case 22:
                Both("DeleteMessagesBefore", () => store.DeleteMessagesBefore(id, Some.At(small)), () => _model.DeleteMessages(id, small));
                break;
            case 23:
                Both("DeleteMessages", () => store.DeleteMessages(id), () => _model.DeleteMessages(id, ulong.MaxValue));
                break;
            case 24 or 25:
                ProcessedMessage processed = Some.Processed(number, Number(4) == 0 ? null : group, Number(2) == 0 ? null : small, (ProcessedMessageState)Number(6), Number(2) == 0 ? null : Number(4));
                Both("SaveProcessedMessage", () => store.SaveProcessedMessage(processed), () => _model.SaveProcessed(processed));
                break;
            case 26:
                Both("FindProcessedMessage", () => store.FindProcessedMessage(wrapper), () => _model.FindProcessed(wrapper));
                break;
            case 27:
                Both("FindProcessedMessageByMessageId", () => store.FindProcessedMessageByMessageId(id, evt), () => _model.FindProcessedByMessage(id, evt));
                break;
            case 28:
                Both("InvalidateProcessedMessagesAfterEpoch", () => store.InvalidateProcessedMessagesAfterEpoch(id, small), () => _model.InvalidateProcessed(id, small));
                break;
            case 29:
                Both("FindFailedMessagesForRetry", () => store.FindFailedMessagesForRetry(id), () => _model.FailedForRetry(id));
                break;
            case 30:
                Both("MarkRetryable", () => store.MarkRetryable(wrapper), () => _model.MarkRetryable(wrapper));
                break;
            case 31:
                Both("DeleteProcessedMessages", () => store.DeleteProcessedMessages(id), () => _model.DeleteProcessed(id));
                break;
            case 32 or 33:
                Welcome welcome = Some.Welcome(number, group, (WelcomeState)Number(4)) with { WrapperEventId = Some.Wrapper(Number(8)), GroupImageKey = Number(2) == 0 ? null : Some.Secret(Number(200)) };
                Both("SaveWelcome", () => store.SaveWelcome(welcome), () => _model.SaveWelcome(welcome));
                break;
            case 34:
                Both("FindWelcome", () => store.FindWelcome(evt), () => _model.FindWelcome(evt));
                Both("GetPendingWelcomes", () => store.GetPendingWelcomes(new PageQuery { Limit = Math.Max(1, limit), Offset = offset }), () => _model.Pending(Math.Max(1, limit), offset));
                break;
            case 35:
                ProcessedWelcome record = Some.ProcessedWelcome(number, Number(2) == 0 ? null : Number(8));
                Both("SaveProcessedWelcome", () => store.SaveProcessedWelcome(record), () => _model.SaveProcessedWelcome(record));
                Both("FindProcessedWelcome", () => store.FindProcessedWelcome(wrapper)?.WelcomeEventId, () => _model.FindProcessedWelcome(wrapper)?.WelcomeEventId);
                break;
            case 36 or 37:
                Both("CreateSnapshot", () => store.CreateSnapshot(id, name), () => _model.CreateSnapshot(id, name, now));
                break;
            case 38:
                Both("RollbackToSnapshot", () => store.RollbackToSnapshot(id, name), () => _model.Rollback(id, name));
                break;
            case 39:
                Both("ReleaseSnapshot", () => store.ReleaseSnapshot(id, name), () => _model.Release(id, name));
                break;
            case 40 or 41:
                Engine(store.Mls, id, value);
                break;
            case 42:
                Identity(store.Mls, value);
                break;
            default:
                Rare(store, id, now);
                break;
        }
    }

    private void Engine(IMlsStorage mls, MlsGroupId id, byte[] value)
    {
        var kind = (MlsGroupDataKind)Number(4);
        byte reference = (byte)Number(4);
        byte epoch = (byte)Number(2);
        uint leaf = (uint)Number(2);
        switch (Number(12))
        {
            case 0 or 1:
                Both("WriteGroupData", () => mls.WriteGroupData(id, kind, value), () => _model.Mls(id, m => m.Data[kind] = value));
                break;
            case 2:
                Both("ReadGroupData", () => mls.ReadGroupData(id, kind), () => _model.Mls(id, m => m.Data.GetValueOrDefault(kind)));
                break;
            case 3:
                Both("DeleteGroupData", () => mls.DeleteGroupData(id, kind), () => _model.Mls(id, m => m.Data.Remove(kind)));
                break;
            case 4:
                Both("AppendOwnLeafNode", () => mls.AppendOwnLeafNode(id, value), () => _model.Mls(id, m => Done(() => m.LeafNodes.Add(value))));
                break;
            case 5:
                Both("ReadOwnLeafNodes", () => mls.ReadOwnLeafNodes(id), () => _model.Mls(id, m => m.LeafNodes));
                break;
            case 6:
                Both("DeleteOwnLeafNodes", () => mls.DeleteOwnLeafNodes(id), () => _model.Mls(id, m => Done(m.LeafNodes.Clear)));
                break;
            case 7:
                Both("QueueProposal", () => mls.QueueProposal(id, [reference], value), () => _model.Mls(id, m => Done(() => m.Queue(reference, value))));
                break;
            case 8:
                Both("ReadProposals", () => mls.ReadProposals(id), () => _model.Mls(id, m => m.Proposals.ConvertAll(p => (byte[])[p.Reference, .. p.Body])));
                break;
            case 9:
                Both("RemoveProposal", () => mls.RemoveProposal(id, [reference]), () => _model.Mls(id, m => m.Proposals.RemoveAll(p => p.Reference == reference)));
                break;
            case 10:
                Both("WriteEpochKeyPairs", () => mls.WriteEpochKeyPairs(id, [epoch], leaf, [value, value]), () => _model.Mls(id, m => m.KeyPairs[(epoch, leaf)] = [value, value]));
                Both("ReadEpochKeyPairs", () => mls.ReadEpochKeyPairs(id, [epoch], 0), () => _model.Mls(id, m => m.KeyPairs.GetValueOrDefault((epoch, 0U), [])));
                break;
            default:
                Both("DeleteEpochKeyPairs", () => mls.DeleteEpochKeyPairs(id, [epoch], leaf), () => _model.Mls(id, m => m.KeyPairs.Remove((epoch, leaf))));
                break;
        }
    }

    private void Identity(IMlsStorage mls, byte[] value)
    {
        byte[] key = [(byte)Number(3)];
        string package = $"9 KeyPackage 0 0 {key[0]:x2}";
        string psk = $"A Psk 0 0 {key[0]:x2}";
        switch (Number(5))
        {
            case 0:
                Both("WriteKeyPackage", () => mls.WriteKeyPackage(key, value), () => _model.WriteIdentity(package, value));
                break;
            case 1:
                Both("ReadKeyPackage", () => mls.ReadKeyPackage(key), () => _model.ReadIdentity(package));
                break;
            case 2:
                Both("DeleteKeyPackage", () => mls.DeleteKeyPackage(key), () => _model.DeleteIdentity(package));
                break;
            case 3:
                Both("WritePsk", () => mls.WritePsk(key, value), () => _model.WriteIdentity(psk, value));
                break;
            default:
                Both("DeletePsk", () => mls.DeletePsk(key), () => _model.DeleteIdentity(psk));
                break;
        }
    }

    private void Rare(IMlsOperations store, MlsGroupId id, ulong now)
    {
        ulong before = now - (ulong)Number(20);
        switch (Number(6))
        {
            case 0:
                Both("DeleteGroup", () => store.DeleteGroup(id), () => _model.DeleteGroup(id));
                break;
            case 1:
                Both("PruneSnapshots", () => store.PruneSnapshots(Some.At(before)), () => _model.PruneSnapshots(before));
                break;
            case 2:
                ulong processedBefore = (ulong)(1000 + Number(1010));
                Both("PruneProcessedRecords", () => store.PruneProcessedRecords(Some.At(processedBefore)), () => _model.PruneProcessed(processedBefore));
                break;
            case 3:
                Both("DeleteAllForGroup", () => store.Mls.DeleteAllForGroup(id), () => _model.Mls(id, m => Done(m.Clear)));
                break;
            case 4 when _captures.Count < 3:
                _captures.Add((store.CaptureAll(), _model.Capture()));
                break;
            default:
                if (_captures.Count > 0)
                {
                    (MlsCapture real, SimpleStore model) = _captures[Number(_captures.Count)];
                    Both("RestoreAll", () => store.RestoreAll(real), () => _model.Restore(model));
                    _captures.RemoveAt(_captures.Count > 2 ? 0 : _captures.Count - 1);
                }

                break;
        }
    }

    private Group NewGroup(int group) => Some.Group(group, (GroupState)Number(3), Small()) with
    {
        NostrGroupId = Some.NostrId(Number(4) == 0 ? Number(6) : group),
        Name = new string('x', Number(10) == 0 ? 20 : 3),
        ImageKey = Number(2) == 0 ? null : Some.Secret(Number(200)),
        SelfUpdate = SelfUpdateState.FromNumber(Number(2) == 0 ? 0 : UnixSeconds.Now(_clock).Value - 3),
    };

    private static bool Done(Action action)
    {
        action();
        return true;
    }
}
