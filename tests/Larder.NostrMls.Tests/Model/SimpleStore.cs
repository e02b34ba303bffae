using System.Globalization;
using System.Text;
using Larder.NostrMls.Tests.Contract;

namespace Larder.NostrMls.Tests.Model;

/// <summary>Why the model refuses.</summary>
internal sealed class Refusal(MlsStoreErrorKind kind, string words) : Exception($"{kind}: {words}")
{
    internal MlsStoreErrorKind Kind { get; } = kind;

    internal string Words { get; } = words;
}

/// <summary>
/// What a store should do, in the simplest way: lists and dictionaries that are searched from end to end and copied as a whole. It shares no code with the product but the records
/// themselves. A call that is refused has changed nothing, which its callers see to by a copy made before.
/// </summary>
internal sealed class SimpleStore
{
    private readonly MlsStoreOptions _options;
    private Dictionary<MlsGroupId, SimpleGroup> _groups = [];
    private Dictionary<MlsGroupId, SimpleMls> _mls = [];
    private Dictionary<EventId, ProcessedMessage> _processed = [];
    private Dictionary<EventId, (Welcome Welcome, long Used)> _welcomes = [];
    private Dictionary<EventId, (ProcessedWelcome Record, HashSet<MlsGroupId> Groups)> _processedWelcomes = [];
    private Dictionary<string, byte[]> _identity = [];
    private long _uses;

    internal SimpleStore(MlsStoreOptions options) => _options = options;

    internal SimpleStore Copy()
    {
        var copy = new SimpleStore(_options) { _uses = _uses };
        copy.Assign(this);
        return copy;
    }

    /// <summary>Becomes what another one is.</summary>
    internal void Assign(SimpleStore other)
    {
        _groups = other._groups.ToDictionary(entry => entry.Key, entry => entry.Value.Copy());
        _mls = other._mls.ToDictionary(entry => entry.Key, entry => entry.Value.Copy());
        _processed = new(other._processed);
        _welcomes = new(other._welcomes);
        _processedWelcomes = other._processedWelcomes.ToDictionary(entry => entry.Key, entry => (entry.Value.Record, entry.Value.Groups.ToHashSet()));
        _identity = new(other._identity);
        _uses = Math.Max(_uses, other._uses);
    }

    internal Group? FindGroup(MlsGroupId id)
    {
        Use(id);
        return _groups.GetValueOrDefault(id)?.Record;
    }

    internal Group? FindGroup(NostrGroupId id) => _groups.Values.FirstOrDefault(group => group.Record.NostrGroupId == id) is { } found ? FindGroup(found.Record.MlsGroupId) : null;

    internal void SaveGroup(Group group)
    {
        Demand(group.Name.Length <= _options.MaxGroupNameLength, "Group name exceeds maximum length");
        Demand(!_groups.Values.Any(other => other.Record.NostrGroupId == group.NostrGroupId && other.Record.MlsGroupId != group.MlsGroupId), "nostr_group_id already exists");
        if (!_groups.TryGetValue(group.MlsGroupId, out SimpleGroup? known))
        {
            if (_groups.Count == _options.CacheSize)
            {
                EvictGroup();
            }

            known = new SimpleGroup();
            _groups.Add(group.MlsGroupId, known);
        }

        known.Record = group with { };
        Use(group.MlsGroupId);
    }

    internal IEnumerable<RelayUrl> GetRelays(MlsGroupId id) => Known(id, isUse: true).Relays.Order();

    internal void ReplaceRelays(MlsGroupId id, RelayUrl[] relays)
    {
        Demand(relays.Distinct().Count() <= _options.MaxRelaysPerGroup, "Relay count exceeds maximum");
        Known(id, isUse: true).Relays = [.. relays.Distinct()];
    }

    internal void SaveSecret(MlsGroupId id, ulong epoch, ExporterLabel label, byte[] secret) => Known(id, isUse: false).Secrets[(label, epoch)] = secret;

    internal byte[]? GetSecret(MlsGroupId id, ulong epoch, ExporterLabel label) => Known(id, isUse: true).Secrets.GetValueOrDefault((label, epoch));

    internal int PruneSecrets(MlsGroupId id, ulong min) => RemoveWhere(Known(id, isUse: true).Secrets, key => key.Epoch < min);

    internal IEnumerable<MlsGroupId> NeedingSelfUpdate(ulong now, ulong threshold) => _groups.Values.Select(group => group.Record)
        .Where(group => group.State == GroupState.Active && (group.SelfUpdate.IsRequired || (now > group.SelfUpdate.Number ? now - group.SelfUpdate.Number : 0) >= threshold))
        .Select(group => group.MlsGroupId).Order();

    internal void SaveMessage(Message message)
    {
        SimpleGroup group = Known(message.MlsGroupId, isUse: false);
        bool isNew = group.Messages.RemoveAll(other => other.Id == message.Id) == 0;
        group.Messages.Add(message);
        if (isNew && group.Messages.Count > _options.MaxMessagesPerGroup)
        {
            group.Messages.Remove(Sorted(group.Messages, MessageSortOrder.CreatedAtFirst).Last());
        }
    }

    internal Message? FindMessage(MlsGroupId id, EventId message)
    {
        Use(id);
        return _groups.GetValueOrDefault(id)?.Messages.Find(other => other.Id == message);
    }

    internal IEnumerable<Message> GetMessages(MlsGroupId id, int limit, int offset, MessageSortOrder order)
    {
        Demand(limit is >= 1 and <= 10_000, "Limit must be between 1 and 10000");
        return Sorted(Known(id, isUse: true).Messages, order).Skip(offset).Take(limit);
    }

    internal IEnumerable<EventId> Invalidate(MlsGroupId id, ulong epoch)
    {
        Use(id);
        List<Message> messages = _groups.GetValueOrDefault(id)?.Messages ?? [];
        for (int i = 0; i < messages.Count; i++)
        {
            messages[i] = messages[i].Epoch > epoch ? messages[i] with { State = MessageState.EpochInvalidated } : messages[i];
        }

        return messages.Where(message => message.Epoch > epoch).Select(message => message.Id).Order();
    }

    internal IEnumerable<Message> Invalidated(MlsGroupId id)
    {
        Use(id);
        return Sorted(_groups.GetValueOrDefault(id)?.Messages ?? [], MessageSortOrder.CreatedAtFirst).Where(message => message.State == MessageState.EpochInvalidated);
    }

    internal bool DeleteMessage(MlsGroupId id, EventId message)
    {
        Use(id);
        return _groups.GetValueOrDefault(id)?.Messages.RemoveAll(other => other.Id == message) > 0;
    }

    internal int DeleteMessages(MlsGroupId id, ulong before)
    {
        Use(id);
        return _groups.GetValueOrDefault(id)?.Messages.RemoveAll(message => message.CreatedAt.Value < before) ?? 0;
    }

    internal void SaveProcessed(ProcessedMessage record) => _processed[record.WrapperEventId] = record;

    internal ProcessedMessage? FindProcessed(EventId wrapper) => _processed.GetValueOrDefault(wrapper);

    internal ProcessedMessage? FindProcessedByMessage(MlsGroupId id, EventId message)
    {
        Use(id);
        return OfGroup(id).FirstOrDefault(record => record.MessageEventId == message);
    }

    internal IEnumerable<EventId> InvalidateProcessed(MlsGroupId id, ulong epoch)
    {
        Use(id);
        ProcessedMessage[] above = [.. OfGroup(id).Where(record => record.Epoch > epoch)];
        foreach (ProcessedMessage record in above)
        {
            _processed[record.WrapperEventId] = record with { State = ProcessedMessageState.EpochInvalidated };
        }

        return above.Select(record => record.WrapperEventId);
    }

    internal IEnumerable<EventId> FailedForRetry(MlsGroupId id)
    {
        Use(id);
        return OfGroup(id).Where(record => record.State == ProcessedMessageState.Failed && record.Epoch is null).Select(record => record.WrapperEventId);
    }

    internal void MarkRetryable(EventId wrapper)
    {
        if (FindProcessed(wrapper) is not { State: ProcessedMessageState.Failed } failed)
        {
            throw new Refusal(MlsStoreErrorKind.NotFound, "no failed record");
        }

        _processed[wrapper] = failed with { State = ProcessedMessageState.Retryable };
    }

    internal int DeleteProcessed(MlsGroupId id)
    {
        Use(id);
        return RemoveWhere(_processed, (_, record) => record.MlsGroupId == id);
    }

    internal int PruneProcessed(ulong before) =>
        RemoveWhere(_processed, (_, record) => record.ProcessedAt.Value < before) + RemoveWhere(_processedWelcomes, (_, entry) => entry.Record.ProcessedAt.Value < before);

    internal void SaveWelcome(Welcome welcome)
    {
        if (!_welcomes.ContainsKey(welcome.Id) && _welcomes.Count == _options.CacheSize)
        {
            RemoveWelcome(_welcomes.Values.OrderBy(entry => entry.Welcome.State == WelcomeState.Pending).ThenBy(entry => entry.Used).First().Welcome, isEviction: true);
        }

        _welcomes[welcome.Id] = (welcome, ++_uses);
        Attribute();
    }

    internal Welcome? FindWelcome(EventId id)
    {
        if (!_welcomes.TryGetValue(id, out (Welcome Welcome, long Used) found))
        {
            return null;
        }

        _welcomes[id] = (found.Welcome, ++_uses);
        return found.Welcome;
    }

    internal IEnumerable<Welcome> Pending(int limit, int offset) =>
        _welcomes.Values.Select(entry => entry.Welcome).Where(welcome => welcome.State == WelcomeState.Pending).OrderByDescending(welcome => welcome.Id).Skip(offset).Take(limit);

    internal void SaveProcessedWelcome(ProcessedWelcome record)
    {
        _processedWelcomes[record.WrapperEventId] = (record, _processedWelcomes.GetValueOrDefault(record.WrapperEventId).Groups ?? []);
        Attribute();
    }

    internal ProcessedWelcome? FindProcessedWelcome(EventId wrapper) => _processedWelcomes.GetValueOrDefault(wrapper).Record;

    /// <summary>Changes the MLS values of a group, which need not be listed.</summary>
    internal T Mls<T>(MlsGroupId id, Func<SimpleMls, T> change)
    {
        Use(id);
        SimpleMls mls = _mls.GetValueOrDefault(id) ?? new SimpleMls();
        T result = change(mls);
        _mls[id] = mls;
        if (mls.IsEmpty)
        {
            _mls.Remove(id);
        }

        return result;
    }

    internal void WriteIdentity(string key, byte[] value) => _identity[key] = value;

    internal byte[]? ReadIdentity(string key) => _identity.GetValueOrDefault(key);

    internal void DeleteIdentity(string key) => _identity.Remove(key);

    internal void CreateSnapshot(MlsGroupId id, string name, ulong now)
    {
        SimpleGroup group = Known(id, isUse: true);
        group.Snapshots.RemoveAll(snapshot => snapshot.Name == name);
        if (_options.SnapshotTtl is { } ttl)
        {
            group.Snapshots.RemoveAll(snapshot => now - snapshot.At > (ulong)ttl.TotalSeconds);
        }

        while (group.Snapshots.Count >= (_options.MaxSnapshotsPerGroup ?? int.MaxValue))
        {
            group.Snapshots.RemoveAt(0);   // the clock of the tests only goes forward
        }

        group.Snapshots.Add((name, now, group.Set(), _mls.GetValueOrDefault(id)?.Copy()));
    }

    internal void Rollback(MlsGroupId id, string name)
    {
        if (!_groups.TryGetValue(id, out SimpleGroup? group) || group.Snapshots.FindIndex(snapshot => snapshot.Name == name) is not (>= 0 and int at))
        {
            throw new Refusal(MlsStoreErrorKind.NotFound, "Snapshot not found");
        }

        (_, _, SimpleGroup set, SimpleMls? mls) = group.Snapshots[at];
        Demand(!_groups.Values.Any(other => other.Record.NostrGroupId == set.Record.NostrGroupId && other.Record.MlsGroupId != id), "nostr_group_id already exists");
        group.Snapshots.RemoveAt(at);
        group.Restore(set);
        _mls.Remove(id);
        if (mls is not null)
        {
            _mls.Add(id, mls.Copy());
        }

        Use(id);
    }

    internal void Release(MlsGroupId id, string name)
    {
        Use(id);
        _groups.GetValueOrDefault(id)?.Snapshots.RemoveAll(snapshot => snapshot.Name == name);
    }

    internal int PruneSnapshots(ulong before) => _groups.Values.Sum(group => group.Snapshots.RemoveAll(snapshot => snapshot.At < before));

    internal void DeleteGroup(MlsGroupId id)
    {
        _groups.Remove(id);
        _mls.Remove(id);
        RemoveWhere(_welcomes, (_, entry) => entry.Welcome.MlsGroupId == id);
        RemoveWhere(_processedWelcomes, (_, entry) => entry.Groups.Contains(id));
        RemoveWhere(_processed, (_, record) => record.MlsGroupId == id);
    }

    /// <summary>A copy of everything but the snapshots.</summary>
    internal SimpleStore Capture()
    {
        SimpleStore copy = Copy();
        foreach (SimpleGroup group in copy._groups.Values)
        {
            group.Snapshots.Clear();
        }

        return copy;
    }

    internal void Restore(SimpleStore captured)
    {
        var snapshots = _groups.ToDictionary(entry => entry.Key, entry => entry.Value.Snapshots);
        Assign(captured);
        foreach ((MlsGroupId id, SimpleGroup group) in _groups)
        {
            group.Snapshots.AddRange(snapshots.GetValueOrDefault(id) ?? []);
        }
    }

    /// <summary>Everything, in the words of <see cref="Contract.Dump"/>.</summary>
    internal string Text()
    {
        var text = new StringBuilder();
        foreach (MlsGroupId id in _groups.Keys.Union(_mls.Keys).Order())
        {
            SimpleGroup? group = _groups.GetValueOrDefault(id);
            text.AppendLine(CultureInfo.InvariantCulture, $"group {id.ToHex()} listed {group is not null}");
            group?.Append(text, "  ");
            _mls.GetValueOrDefault(id)?.Append(text, "  ");
            foreach (Message message in Sorted(group?.Messages ?? [], MessageSortOrder.CreatedAtFirst))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  message {Dump.Of(message)}");
            }

            foreach ((string name, ulong at, SimpleGroup set, SimpleMls? mls) in group?.Snapshots ?? [])
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  snapshot '{name}' {at}");
                set.Append(text, "    ");
                mls?.Append(text, "    ");
            }
        }

        foreach (Group group in _groups.Values.Select(group => group.Record).OrderBy(group => group.NostrGroupId))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"nostr {group.NostrGroupId.ToHex()} {group.MlsGroupId.ToHex()}");
        }

        foreach (ProcessedMessage record in _processed.Values.OrderBy(record => record.WrapperEventId))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"processed {Dump.Of(record)}");
        }

        foreach ((Welcome welcome, _) in _welcomes.Values.OrderBy(entry => entry.Welcome.Id))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"welcome {Dump.Of(welcome)}");
        }

        foreach ((ProcessedWelcome record, HashSet<MlsGroupId> groups) in _processedWelcomes.Values.OrderBy(entry => entry.Record.WrapperEventId))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"processed welcome {record.WrapperEventId.ToHex()} {record.WelcomeEventId?.ToHex()} {record.ProcessedAt.Value} {record.State} {record.FailureReason} of {string.Join(',', groups.Order().Select(group => group.ToHex()))}");
        }

        foreach ((string key, byte[] value) in _identity.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{key[2..]}: {Convert.ToHexStringLower(value)}");
        }

        return text.ToString();
    }

    private static IEnumerable<Message> Sorted(List<Message> messages, MessageSortOrder order) => order == MessageSortOrder.CreatedAtFirst
        ? messages.OrderByDescending(m => m.CreatedAt.Value).ThenByDescending(m => m.ProcessedAt.Value).ThenByDescending(m => m.Id.ToHex(), StringComparer.Ordinal)
        : messages.OrderByDescending(m => m.ProcessedAt.Value).ThenByDescending(m => m.CreatedAt.Value).ThenByDescending(m => m.Id.ToHex(), StringComparer.Ordinal);

    private static int RemoveWhere<TKey, TValue>(Dictionary<TKey, TValue> from, Func<TKey, TValue, bool> which)
        where TKey : notnull
    {
        TKey[] keys = [.. from.Where(entry => which(entry.Key, entry.Value)).Select(entry => entry.Key)];
        return keys.Count(from.Remove);
    }

    private static int RemoveWhere<TKey, TValue>(Dictionary<TKey, TValue> from, Func<TKey, bool> which)
        where TKey : notnull => RemoveWhere(from, (key, _) => which(key));

    private static void Demand(bool holds, string words)
    {
        if (!holds)
        {
            throw new Refusal(MlsStoreErrorKind.InvalidParameters, words);
        }
    }

    private IEnumerable<ProcessedMessage> OfGroup(MlsGroupId id) => _processed.Values.Where(record => record.MlsGroupId == id).OrderBy(record => record.WrapperEventId);

    private SimpleGroup Known(MlsGroupId id, bool isUse)
    {
        Demand(_groups.ContainsKey(id), "Group not found");
        if (isUse)
        {
            Use(id);
        }

        return _groups[id];
    }

    private void Use(MlsGroupId id)
    {
        if (_groups.TryGetValue(id, out SimpleGroup? group))
        {
            group.Used = ++_uses;
        }
    }

    private void Attribute()
    {
        foreach ((ProcessedWelcome record, HashSet<MlsGroupId> groups) in _processedWelcomes.Values)
        {
            groups.UnionWith(_welcomes.Values.Select(entry => entry.Welcome).Where(welcome => Match(record, welcome)).Select(welcome => welcome.MlsGroupId));
        }
    }

    private static bool Match(ProcessedWelcome record, Welcome welcome) => record.WelcomeEventId == welcome.Id || record.WrapperEventId == welcome.WrapperEventId;

    private void EvictGroup()
    {
        GroupState[] states = _options.OverflowPolicy == OverflowPolicy.EvictActive ? [GroupState.Inactive, GroupState.Pending, GroupState.Active] : [GroupState.Inactive, GroupState.Pending];
        SimpleGroup? victim = states.Select(state => _groups.Values.Where(group => group.Record.State == state).MinBy(group => group.Used)).FirstOrDefault(group => group is not null);
        MlsGroupId id = (victim ?? throw new Refusal(MlsStoreErrorKind.CapacityExceeded, "active")).Record.MlsGroupId;
        _groups.Remove(id);
        _mls.Remove(id);
        foreach (Welcome welcome in _welcomes.Values.Select(entry => entry.Welcome).Where(welcome => welcome.MlsGroupId == id).ToList())
        {
            RemoveWelcome(welcome, isEviction: true);
        }
    }

    private void RemoveWelcome(Welcome welcome, bool isEviction)
    {
        _welcomes.Remove(welcome.Id);
        if (isEviction && welcome.State == WelcomeState.Pending)
        {
            RemoveWhere(_processedWelcomes, (_, entry) => Match(entry.Record, welcome));
        }
    }
}
