using System.Collections.Immutable;
using Larder.NostrMls.Durability;
using Larder.NostrMls.Operations;
using Larder.NostrMls.State;
using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>
/// The storage of a messenger for Nostr groups over MLS: in the memory of the process, gone when it ends, or in a directory, where a call returns when what it did is on stable
/// storage. Both are one body of code; the second also writes its records to a <see cref="Store"/>. Safe for any number of threads: readers take no lock, but for copying
/// secrets; writers go one after another. After <see cref="Dispose"/> every member throws <see cref="ObjectDisposedException"/>, and every secret is zeroed.
/// </summary>
/// <remarks>This file is a door: it hands each call to the operation that says what the call means.</remarks>
public sealed class NostrMlsStore : IMlsProtocolStore
{
    private readonly Calls _calls;

    /// <summary>A store in memory with the default options.</summary>
    public NostrMlsStore()
        : this(new MlsStoreOptions())
    {
    }

    /// <summary>A store in memory for so many groups and as many invitations.</summary>
    /// <exception cref="ArgumentException">There is no room for one.</exception>
    public NostrMlsStore(int cacheSize)
        : this(new MlsStoreOptions { CacheSize = cacheSize })
    {
    }

    /// <summary>A store in memory.</summary>
    /// <exception cref="ArgumentException">Some options are impossible; the message lists every one.</exception>
    public NostrMlsStore(MlsStoreOptions options)
        : this(new Calls(new Core(Validated(options), new StoreState(), new UseClock(), null), null))
    {
    }

    internal NostrMlsStore(Calls calls)
    {
        _calls = calls;
        Mls = new EngineStorage(calls);
    }

    /// <summary>
    /// Opens the store that a directory keeps, or begins one there. Its files are encrypted; a secret in them is sealed once more, under another key, before any other part of the
    /// library has it. Everything is held in memory as well.
    /// </summary>
    /// <param name="path">The directory; it is created when it does not exist.</param>
    /// <param name="key">32 bytes from which the keys of the files and of the secrets are derived. Not kept.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">The key has another length, or some options are impossible.</exception>
    /// <exception cref="MlsStoreException">Backend: the directory is in use, damaged, under another key, or cannot be used; the inner exception says which. Deserialization: its records are of another version.</exception>
    public static NostrMlsStore Open(string path, ReadOnlySpan<byte> key, MlsStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        MlsStoreOptions valid = Validated(options ?? new MlsStoreOptions());
        var clock = new UseClock();
        var journal = StoreJournal.Open(path, key, valid, clock, out StoreState state);
        return new NostrMlsStore(new Calls(new Core(valid, state, clock, journal), null));
    }

    /// <inheritdoc/>
    public StoreBackend Backend => _calls.Core.IsPersistent ? StoreBackend.Larder : StoreBackend.Memory;

    /// <inheritdoc/>
    public MlsStoreOptions Options => _calls.Core.Options.Validated();

    /// <inheritdoc/>
    public IMlsStorage Mls { get; }

    /// <inheritdoc/>
    public MlsUsage Usage => _calls.Read(static (state, _, _) => state.ToUsage(), 0);

    /// <summary>For tests.</summary>
    internal Core Core => _calls.Core;

    /// <summary>What a transaction has made so far; for tests.</summary>
    internal StoreState StateOfTransaction => _calls.Read(static (state, _, _) => state, 0);

    /// <inheritdoc/>
    public IReadOnlyList<Group> GetAllGroups() => _calls.ReadSecrets(static (state, _, _) => GroupOperations.All(state), 0);

    /// <inheritdoc/>
    public Group? FindGroup(MlsGroupId groupId) => _calls.ReadSecrets(GroupOperations.Find, groupId);

    /// <inheritdoc/>
    public Group? FindGroup(NostrGroupId nostrGroupId) => _calls.ReadSecrets(GroupOperations.Find, nostrGroupId);

    /// <inheritdoc/>
    public void SaveGroup(Group group) => _calls.Write(GroupOperations.Save, NotNull(group));

    /// <inheritdoc/>
    public ImmutableSortedSet<PublicKey> GetAdmins(MlsGroupId groupId) => _calls.Read(GroupOperations.Admins, groupId);

    /// <inheritdoc/>
    public ImmutableSortedSet<GroupRelay> GetRelays(MlsGroupId groupId) => _calls.Read(GroupOperations.Relays, groupId);

    /// <inheritdoc/>
    public void ReplaceRelays(MlsGroupId groupId, IEnumerable<RelayUrl> relays)
    {
        ImmutableSortedSet<RelayUrl> set = [.. NotNull(relays)];
        _calls.Write(GroupOperations.ReplaceRelays, (groupId, set));
    }

    /// <inheritdoc/>
    public void SaveExporterSecret(ExporterSecret secret) => _calls.Write(GroupOperations.SaveSecret, NotNull(secret));

    /// <inheritdoc/>
    public ExporterSecret? GetExporterSecret(MlsGroupId groupId, ulong epoch, ExporterLabel label)
    {
        Texts.ExporterLabel.Check(label);
        return _calls.ReadSecrets(GroupOperations.FindSecret, (groupId, epoch, label));
    }

    /// <inheritdoc/>
    public int PruneExporterSecrets(MlsGroupId groupId, ulong minEpochToKeep) => _calls.Write(GroupOperations.PruneSecrets, (groupId, minEpochToKeep));

    /// <inheritdoc/>
    public IReadOnlyList<MlsGroupId> GetGroupsNeedingSelfUpdate(ulong thresholdSeconds) =>
        _calls.Read(static (state, _, call) => GroupOperations.NeedingSelfUpdate(state, call), (UnixSeconds.Now(_calls.Core.Options.TimeProvider), thresholdSeconds));

    /// <inheritdoc/>
    public void SaveMessage(Message message) => _calls.Write(MessageOperations.Save, NotNull(message));

    /// <inheritdoc/>
    public Message? FindMessage(MlsGroupId groupId, EventId id) => _calls.Read(MessageOperations.Find, (groupId, id));

    /// <inheritdoc/>
    public IReadOnlyList<Message> GetMessages(MlsGroupId groupId, MessageQuery? query = null)
    {
        Texts.MessageSortOrder.Check((query ??= MessageQuery.Default).Order);
        return _calls.Read(MessageOperations.Page, (groupId, query));
    }

    /// <inheritdoc/>
    public Message? GetLastMessage(MlsGroupId groupId, MessageSortOrder order = MessageSortOrder.CreatedAtFirst)
    {
        Texts.MessageSortOrder.Check(order);
        return _calls.Read(MessageOperations.Last, (groupId, order));
    }

    /// <inheritdoc/>
    public void SaveProcessedMessage(ProcessedMessage processed) => _calls.Write(ProcessedOperations.Save, NotNull(processed));

    /// <inheritdoc/>
    public ProcessedMessage? FindProcessedMessage(EventId wrapperId) => _calls.Read(static (state, _, id) => state.Processed.Find(id)?.Record, wrapperId);

    /// <inheritdoc/>
    public ProcessedMessage? FindProcessedMessageByMessageId(MlsGroupId groupId, EventId messageId) => _calls.Read(ProcessedOperations.FindByMessage, (groupId, messageId));

    /// <inheritdoc/>
    public IReadOnlyList<EventId> InvalidateMessagesAfterEpoch(MlsGroupId groupId, ulong epoch) => _calls.Write(MessageOperations.Invalidate, (groupId, epoch));

    /// <inheritdoc/>
    public IReadOnlyList<EventId> InvalidateProcessedMessagesAfterEpoch(MlsGroupId groupId, ulong epoch) => _calls.Write(ProcessedOperations.Invalidate, (groupId, epoch));

    /// <inheritdoc/>
    public IReadOnlyList<Message> FindInvalidatedMessages(MlsGroupId groupId) => _calls.Read(MessageOperations.Invalidated, groupId);

    /// <inheritdoc/>
    public IReadOnlyList<ProcessedMessage> FindInvalidatedProcessedMessages(MlsGroupId groupId) => _calls.Read(ProcessedOperations.Invalidated, groupId);

    /// <inheritdoc/>
    public IReadOnlyList<EventId> FindFailedMessagesForRetry(MlsGroupId groupId) => _calls.Read(ProcessedOperations.FailedForRetry, groupId);

    /// <inheritdoc/>
    public void MarkRetryable(EventId wrapperId) => _calls.Write(ProcessedOperations.MarkRetryable, wrapperId);

    /// <inheritdoc/>
    public ulong? FindMessageEpochByTagContent(MlsGroupId groupId, string text) => _calls.Read(MessageOperations.EpochByTagContent, (groupId, NotNull(text)));

    /// <inheritdoc/>
    public bool DeleteMessage(MlsGroupId groupId, EventId id) => _calls.Write(MessageOperations.Delete, (groupId, id));

    /// <inheritdoc/>
    public int DeleteMessages(MlsGroupId groupId) => _calls.Write(MessageOperations.DeleteAll, groupId);

    /// <inheritdoc/>
    public int DeleteMessagesBefore(MlsGroupId groupId, UnixSeconds createdBefore) => _calls.Write(MessageOperations.DeleteBefore, (groupId, createdBefore));

    /// <inheritdoc/>
    public int DeleteProcessedMessages(MlsGroupId groupId) => _calls.Write(ProcessedOperations.DeleteOf, groupId);

    /// <inheritdoc/>
    public void SaveWelcome(Welcome welcome) => _calls.Write(WelcomeOperations.Save, NotNull(welcome));

    /// <inheritdoc/>
    public Welcome? FindWelcome(EventId id) => _calls.ReadSecrets(WelcomeOperations.Find, id);

    /// <inheritdoc/>
    public IReadOnlyList<Welcome> GetPendingWelcomes(PageQuery? query = null) =>
        _calls.ReadSecrets(static (state, _, query) => WelcomeOperations.Pending(state, query), query ?? PageQuery.Default);

    /// <inheritdoc/>
    public void SaveProcessedWelcome(ProcessedWelcome processed) => _calls.Write(WelcomeOperations.SaveProcessed, NotNull(processed));

    /// <inheritdoc/>
    public ProcessedWelcome? FindProcessedWelcome(EventId wrapperId) => _calls.Read(static (state, _, id) => state.ProcessedWelcomes.Find(id)?.Record, wrapperId);

    /// <inheritdoc/>
    public void CreateSnapshot(MlsGroupId groupId, string name) => _calls.Write(SnapshotOperations.Create, (groupId, NotNull(name)));

    /// <inheritdoc/>
    public void RollbackToSnapshot(MlsGroupId groupId, string name) => _calls.Write(SnapshotOperations.Rollback, (groupId, NotNull(name)));

    /// <inheritdoc/>
    public void ReleaseSnapshot(MlsGroupId groupId, string name) => _calls.Write(SnapshotOperations.Release, (groupId, NotNull(name)));

    /// <inheritdoc/>
    public IReadOnlyList<SnapshotInfo> ListSnapshots(MlsGroupId groupId) => _calls.Read(static (state, _, id) => SnapshotOperations.List(state, id), groupId);

    /// <inheritdoc/>
    public int PruneSnapshots(UnixSeconds createdBefore) => _calls.Write(SnapshotOperations.Prune, createdBefore);

    /// <inheritdoc/>
    public void DeleteGroup(MlsGroupId groupId) => _calls.Write(Deletion.OfGroup, groupId);

    /// <inheritdoc/>
    public MlsCapture CaptureAll() => _calls.Write(static (draft, _) => new MlsCapture(CapturedState.Of(draft)), 0);

    /// <inheritdoc/>
    public void RestoreAll(MlsCapture capture) => _calls.Write(Restoring.All, NotNull(capture).Captured);

    /// <inheritdoc/>
    public int PruneProcessedRecords(UnixSeconds processedBefore) => _calls.Write(ProcessedOperations.PruneBefore, processedBefore);

    /// <inheritdoc/>
    public void RunInTransaction(Action<IMlsOperations> action)
    {
        NotNull(action);
        if (_calls.IsTransaction)
        {
            throw new InvalidOperationException("no transaction begins inside another.");
        }

        _calls.Core.WriteAlone(
            static (draft, both) =>
            {
                var calls = new Calls(both.Core, draft);
                try
                {
                    both.action(new NostrMlsStore(calls));
                }
                finally
                {
                    calls.End();
                }

                return true;
            },
            (_calls.Core, action));
    }

    /// <summary>
    /// Removes every trace of secrets that have been deleted, replaced or evicted from the files, now. A store in memory has none. What the drive, the file system or
    /// backups still hold is beyond its reach.
    /// </summary>
    /// <exception cref="MlsStoreException">Backend: traces may be left; it can be tried again.</exception>
    public void Erase()
    {
        _calls.ThrowIfDead();
        _calls.Core.Erase();
    }

    /// <summary>Closes the store: erases what is due, closes the files, zeroes every secret. Twice is as good as once.</summary>
    /// <exception cref="MlsStoreException">Backend: the files could not be closed in good order; the store is closed all the same.</exception>
    public void Dispose()
    {
        if (!_calls.IsTransaction)
        {
            _calls.Core.Dispose();
        }
    }

    private static MlsStoreOptions Validated(MlsStoreOptions options) => NotNull(options).Validated();

    private static T NotNull<T>(T value, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return value;
    }
}
