using System.Runtime.CompilerServices;
using Larder.Changes;
using Larder.Entries;
using Larder.Eviction;
using Larder.Indexing;
using Larder.Locks;
using Larder.Primitives;

namespace Larder.Engine;

/// <summary>
/// The memory of a store: finds entries without a lock, commits changes one at a time.
/// </summary>
/// <remarks>
/// <para><b>The gate</b> guards everything that changes: contents, chains of versions, snapshots, the last sequence. It is taken first;
/// inside it the gates of the index merge, of the watchers' buffers and of the flights may be taken, none of which is ever held while
/// asking for this one. No I/O, no wait and no caller's code inside it. Methods that need it end in <c>Locked</c>.</para>
/// <para><b>A commit</b> stages what each key will be, finds room, makes every object it needs, and only then takes its sequence, appends
/// its changes to the log as one record, and links the new versions. So what is refused has changed nothing, and the log holds exactly what
/// memory shows.</para>
/// <para><b>Readers</b> take no lock. A version is immutable and becomes visible by the release store of <see cref="Node.Head"/> (one key)
/// or of the shared <see cref="CommitFlag"/> (a batch): the moment at which the commit takes effect. While the flag is not set a
/// reader takes the version before, reads the flag again, and starts over if it was set meanwhile, because links are cut after that. An entry found due is reported absent only after a look inside the gate says that it is still the newest: otherwise a
/// refresh came between, and the reader starts over.</para>
/// <para><b>A scan</b> registers, inside the gate, the last sequence and the time, and walks without it, skipping what came later. While it is
/// registered no version that it sees is cut and no node that it needs is unlinked; what stays for its sake waits in limbo.</para>
/// </remarks>
internal sealed class MemoryEngine : IImaged, IDisposable
{
    private const int SweepSlice = 256;    // entries that expire in one commit: some tens of microseconds inside the gate
    private const int TidySlice = 16;      // nodes in limbo that a commit looks at

    private readonly Gate _gate = new();
    private readonly StoreOptions _options;
    private readonly WatchHub _log;
    private readonly Flights<byte[], Entry?> _flights;
    private readonly MonotonicClock _clock;
    private readonly KeyedHash _hash;
    private readonly Utf8KeyComparer _comparer;
    private readonly Snapshots _snapshots = new();
    private readonly Publisher _publisher;
    private readonly Sweeper _sweeper;
    private readonly StripedCounter _hits = new();
    private readonly StripedCounter _misses = new();
    private readonly bool _isBounded;
    private readonly bool _evicts;

    private volatile Contents _contents;
    private volatile bool _isClosed;
    private bool _isSealed;        // guarded by the gate
    private int _isMerging;        // 1 while a merge in the background is queued or runs

    internal MemoryEngine(StoreOptions options, WatchHub log, Flights<byte[], Entry?> flights, MonotonicClock clock)
    {
        _options = options;
        _log = log;
        _flights = flights;
        _hash = KeyedHash.Random();
        _comparer = new Utf8KeyComparer(_hash);
        _clock = clock;
        _isBounded = options.MaxEntries is not null || options.MaxBytes is not null;
        _evicts = _isBounded && options.WhenFull == WhenFull.Evict;
        _contents = new Contents(_evicts);
        _publisher = new Publisher(options.VersionsToKeep, log, _snapshots);
        _sweeper = new Sweeper(options.TimeProvider, this);
    }

    internal bool IsClosed => _isClosed;

    internal long Entries => _contents.Entries;

    public long Bytes => _contents.Bytes;

    internal long Hits => _hits.Value;

    internal long Misses => _misses.Value;

    internal long Evictions => _publisher.Evictions;

    internal long Expirations => _publisher.Expirations;

    public long LastSequence => _publisher.LastSequence;

    /// <summary>Scans under way. Forgets abandoned ones first.</summary>
    internal int Scans
    {
        get
        {
            using (_gate.Enter())
            {
                DropAbandonedLocked();
                return _snapshots.Count;
            }
        }
    }

    internal int InLimbo
    {
        get
        {
            using (_gate.Enter())
            {
                return _contents.Limbo.Count;
            }
        }
    }

    /// <summary>Finds the present version of a key, and counts the read. Takes no lock.</summary>
    internal bool TryFind(ReadOnlySpan<byte> key, out Node node, out Record record)
    {
        bool isFound = TryPeek(key, out node, out record);
        (isFound ? _hits : _misses).Increment();
        if (isFound && _evicts)
        {
            EvictionQueue.Hit(node);
        }

        return isFound;
    }

    /// <summary>Finds the present version of a key, and tells nobody. Takes no lock.</summary>
    internal bool TryPeek(ReadOnlySpan<byte> key, out Node node, out Record record)
    {
        Node? found = _contents.Table.Find(key, _hash.Of(key));
        node = found!;
        record = found is null ? default : Present(found);
        return !record.IsNone;
    }

    /// <summary>Commits one operation on one key. The value belongs to the store from here on.</summary>
    internal Outcome Commit(ReadOnlySpan<byte> key, Record version, in Operation operation)
    {
        uint hash = _hash.Of(key);
        Contents contents = _contents;
        Node? node = contents.Table.Find(key, hash);
        if (operation.Verb == Verb.Touch && node is not null)
        {
            version = CopyOf(node);   // the gate is no place to copy a large value
        }

        using (_gate.Enter())
        {
            ThrowIfSealedLocked();
            if (_contents.ToTidy > 0)
            {
                _publisher.TidyLocked(_contents, TidySlice);
            }

            if (contents != _contents || node is not { IsLinked: true })
            {
                // Found too early, or not at all; a node that is still linked is the one node of its key.
                contents = _contents;
                node = contents.Table.Find(key, hash);
            }

            long number = 0;
            if (operation.IsPlain && node is { IsPresent: true, DeadlineAt: < 0 } && !_isBounded && _flights.IsIdle && _publisher.IsUnobserved)
            {
                if (operation.Verb == Verb.Increment)
                {
                    version = Evaluation.Incremented(node.Head, node.Key, operation.By, out number);
                }

                long overwritten = _publisher.OverwriteLocked(contents, node, version);
                return new Outcome(true, overwritten, number, overwritten);
            }

            if (node is null && operation.Verb is Verb.Remove or Verb.Touch)
            {
                OvertakeLocked(key, operation, isApplied: false);
                return new Outcome(false, 0);
            }

            var time = new CommitTime(_clock);
            Staged staged = node is null ? new Staged(new Node(key.ToArray(), hash), default) : StageLocked(contents, node, ref time);
            if (operation.Flight is { IsOvertaken: true })
            {
                return new Outcome(false, staged.VersionBefore);
            }

            bool isApplied = Evaluation.Apply(operation, version, ref staged, ref time, out number);
            if (!staged.IsChanged)
            {
                OvertakeLocked(key, operation, isApplied);
                return new Outcome(isApplied, staged.VersionBefore, number);
            }

            List<Staged>? victims = _isBounded ? MakeRoomLocked(contents, new ReadOnlySpan<Staged>(in staged), ref time) : null;
            OvertakeLocked(key, operation, isApplied);
            long sequence = victims is null
                ? PublishLocked(contents, new Span<Staged>(ref staged))
                : PublishAfterLocked(victims, contents, staged);
            return new Outcome(true, staged.IsPresent ? sequence : 0, number, sequence);
        }
    }

    /// <summary>Commits a batch: all of it or nothing.</summary>
    internal Outcome Commit(IReadOnlyList<BatchItem> items)
    {
        var versions = new Record[items.Count];
        for (int i = 0; i < versions.Length; i++)
        {
            versions[i] = items[i].Operation == BatchOperation.Set ? Record.Of(items[i].ValueArray, items[i].Kind) : default;
        }

        using (_gate.Enter())
        {
            ThrowIfSealedLocked();
            _publisher.TidyLocked(_contents, TidySlice);
            var time = new CommitTime(_clock);
            var batch = new BatchStaging(this, _contents, _comparer);
            if (!batch.EvaluateLocked(items, versions, ref time, out long refusedBy))
            {
                return new Outcome(false, refusedBy);
            }

            Contents contents = batch.IsCleared ? new Contents(_evicts) : _contents;
            Span<Staged> staged = batch.Changes();
            List<Staged>? victims = _isBounded ? MakeRoomLocked(contents, staged, ref time) : null;
            foreach (BatchItem item in items)
            {
                OvertakeLocked(item);
            }

            if (staged.IsEmpty && batch.Cleared.Count == 0)
            {
                return new Outcome(true, 0);
            }

            long sequence = PublishLocked(
                contents, victims is null ? staged : [.. victims, .. staged], batch.Cleared, isTogether: staged.Length > 1 && !batch.IsCleared);
            bool leavesSomething = false;
            foreach (ref readonly Staged key in staged)
            {
                leavesSomething |= key.IsPresent;
            }

            return new Outcome(true, leavesSomething ? sequence : 0, 0, sequence);
        }
    }

    /// <summary>What a key is now, ready to be changed. An entry that is due expires first, in a commit of its own.</summary>
    internal Staged StageLocked(Contents contents, Node node, ref CommitTime time) => new(node, AliveLocked(contents, node, ref time));

    internal uint HashOf(ReadOnlySpan<byte> key) => _hash.Of(key);

    /// <summary>Begins the removal of the keys under a prefix: a load of one that is absent is stale from here on.</summary>
    internal SnapshotScan OpenRemoval(byte[] prefix)
    {
        using (_gate.Enter())
        {
            ThrowIfSealedLocked();
            SnapshotScan scan = OpenScanLocked(KeyRange.Under(prefix), reverse: false);
            _flights.OvertakePrefix(prefix, withBare: true);
            return scan;
        }
    }

    /// <summary>Begins a scan: its point in time and its clock are those of this moment.</summary>
    internal SnapshotScan OpenScan(KeyRange range, bool reverse)
    {
        using (_gate.Enter())
        {
            return OpenScanLocked(range, reverse);
        }
    }

    /// <summary>
    /// Begins to walk everything there is at this moment: what a checkpoint or a backup holds. Whoever walks it is no reader in a hurry: it may wait for
    /// a merge of the index.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The store was closed; a sealed one may still be walked.</exception>
    public IChangeImage OpenImage()
    {
        bool hasHistory = _options.VersionsToKeep > 1;
        using (_gate.Enter())
        {
            Snapshot snapshot = OpenSnapshotLocked(needsHistory: hasHistory);
            OrderedIndex index = _contents.Index;
            return new SnapshotImage(new SnapshotScan(this, index, snapshot, KeyRange.Under([]), reverse: false), snapshot, index, hasHistory);
        }
    }

    /// <summary>Whoever fills the store from changes before it is used: nobody else may use it until that has ended.</summary>
    internal IChangeTarget Restoration() => new Restoration(this, _options, _evicts, _clock);

    /// <summary>Puts restored contents in place of what is there; commits go on after <paramref name="last"/>.</summary>
    internal void Adopt(Contents contents, long last)
    {
        using (_gate.Enter())
        {
            ThrowIfSealedLocked();
            _contents = contents;
            _publisher.ResumeLocked(last);
            contents.Index.HandOver();
            WakeSweeperLocked(_clock.Now);
            if (contents.Index.IsBehind)
            {
                MergeLater(contents.Index);
            }
        }
    }

    /// <summary>Subscribes a watcher and, if asked, begins a scan at the same point in time.</summary>
    internal (Watcher Watcher, SnapshotScan? Current) Subscribe(byte[] prefix, bool includeCurrent)
    {
        using (_gate.Enter())
        {
            ThrowIfSealedLocked();   // nothing would ever be told
            SnapshotScan? current = includeCurrent ? OpenScanLocked(KeyRange.Under(prefix), reverse: false) : null;
            return (_log.Subscribe(prefix), current);
        }
    }

    internal void CloseScan(Snapshot snapshot)
    {
        using (_gate.Enter())
        {
            _snapshots.Close(snapshot);
            _contents.ToTidy = _contents.Limbo.Count;
            _publisher.TidyLocked(_contents, TidySlice);
        }
    }

    /// <summary>The kept versions of a key, newest first.</summary>
    internal List<Entry> History(ReadOnlySpan<byte> key)
    {
        using (_gate.Enter())
        {
            ThrowIfClosedLocked();
            Node? node = _contents.Table.Find(key, _hash.Of(key));
            return node is { IsPresent: true } && node.Head.ExpiresAt > _clock.Now
                ? [.. Chain.History(node).Select(record => EntryOf(node, record))]
                : [];
        }
    }

    /// <summary>How many entries there are, leaving out what is due.</summary>
    internal long Count()
    {
        using (_gate.Enter())
        {
            ThrowIfClosedLocked();
            Contents contents = _contents;
            return contents.Entries - (contents.Deadlines.Count == 0 ? 0 : contents.Deadlines.CountDue(_clock.Now));
        }
    }

    /// <summary>
    /// Expires what is due, slice by slice, forgets abandoned scans, and says when to come again. Called by the timer; needs no gate.
    /// </summary>
    internal void Maintain()
    {
        int expired = 0;
        for (bool isDone = false; !isDone;)
        {
            using (_gate.Enter())
            {
                if (_isSealed)
                {
                    return;
                }

                Contents contents = _contents;
                long now = _clock.Now;
                int slice = ExpireDueLocked(contents, now, SweepSlice);
                expired += slice;
                DropAbandonedLocked();
                _publisher.TidyLocked(contents, SweepSlice);
                isDone = slice < SweepSlice && contents.ToTidy == 0;
                if (isDone)
                {
                    _sweeper.RestLocked();
                    WakeSweeperLocked(now);
                }
            }
        }

        if (expired > 0)
        {
            _options.Tell(StoreLogLevel.Debug, "swept", $"{expired} entries expired.");
        }
    }

    /// <summary>Has the notes of an index merged in the background, unless that is under way. Needs no gate.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void MergeLater(OrderedIndex index)
    {
        if (Interlocked.Exchange(ref _isMerging, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static work => work.Engine.MergeNow(work.Index), (Engine: this, Index: index), preferLocal: false);
        }
    }

    private void MergeNow(OrderedIndex index)
    {
        using (_gate.Enter())
        {
            index.HandOver();
        }

        try
        {
            index.Merge();
        }
        finally
        {
            Volatile.Write(ref _isMerging, 0);   // who came meanwhile, and was not served, comes again
        }
    }

    /// <summary>Refuses every change from here on, those of time and bound included, while what is there may still be read.</summary>
    internal void Seal()
    {
        using (_gate.Enter())
        {
            _isSealed = true;
        }

        _sweeper.Dispose();
    }

    /// <summary>Refuses everything from here on and lets go of what was held.</summary>
    public void Dispose()
    {
        using (_gate.Enter())
        {
            _isSealed = true;
            _isClosed = true;
            _contents = new Contents(_evicts);
        }

        _sweeper.Dispose();
    }

    /// <summary>Walks everything inside the gate and throws at the first thing that is not as it must be.</summary>
    internal void Verify()
    {
        using (_gate.Enter())
        {
            Integrity.CheckLocked(_contents, _options, _publisher.LastSequence);
        }
    }

    internal static Entry EntryOf(Node node, Record record, string? key = null) =>
        new(node.Key, record.Bytes!, Record.ValueAt, record.Version, record.ExpiresAt, record.Kind, key);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Record CopyOf(Node node) => Chain.Newest(node) is { IsNone: false } newest ? newest.Copy() : default;

    private void ThrowIfSealedLocked()
    {
        if (_isSealed)
        {
            throw Closed.Error();
        }
    }

    private void ThrowIfClosedLocked()
    {
        if (_isClosed)
        {
            throw Closed.Error();
        }
    }

    /// <summary>
    /// The newest version, unless it is due. That is settled inside the gate: a commit under way may have read the clock before and found the
    /// entry alive, and what it makes of it must not appear after somebody was told that the entry is gone.
    /// </summary>
    private Record Present(Node node)
    {
        while (true)
        {
            Record record = Chain.Newest(node);
            if (record.IsNone || !record.Expires || record.ExpiresAt > _clock.Now)
            {
                return record;
            }

            using (_gate.Enter())
            {
                if (record.Is(Chain.Newest(node)))
                {
                    return default;
                }
            }
        }
    }

    private Record AliveLocked(Contents contents, Node node, ref CommitTime time)
    {
        if (node.DeadlineAt >= 0 && node.Head.ExpiresAt <= time.Now)
        {
            ExpireLocked(contents, [node]);
        }

        return node.IsPresent ? node.Head : default;
    }

    private int ExpireDueLocked(Contents contents, long now, int most)
    {
        _gate.AssertInside();
        if (contents.Deadlines.Earliest > now)
        {
            return 0;
        }

        var due = new List<Node>();
        while (due.Count < most && contents.Deadlines.Due(now) is { } node)
        {
            contents.Deadlines.Remove(node);
            due.Add(node);
        }

        ExpireLocked(contents, due);
        return due.Count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ExpireLocked(Contents contents, List<Node> due)
    {
        var staged = new Staged[due.Count];
        for (int i = 0; i < due.Count; i++)
        {
            staged[i] = Staged.Gone(due[i], ChangeKind.Expire);
        }

        PublishLocked(contents, staged);
    }

    /// <summary>A load is overtaken by whatever happens to its key, even the removal of what is absent: it says that a value being loaded is stale.</summary>
    private void OvertakeLocked(ReadOnlySpan<byte> key, in Operation operation, bool isApplied)
    {
        if (operation.Flight is null && (isApplied || operation is { Verb: Verb.Remove, Expected: Operation.AnyVersion }))
        {
            _flights.Overtake(key);
        }
    }

    private void OvertakeLocked(in BatchItem item)
    {
        if (item.Operation == BatchOperation.Clear)
        {
            _flights.OvertakePrefix(item.KeyArray);
        }
        else if (item.Operation != BatchOperation.Require)
        {
            _flights.Overtake(item.KeyArray);
        }
    }

    /// <summary>Who must be evicted for this commit; null when it fits as things are. What is due never stands in the way.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<Staged>? MakeRoomLocked(Contents contents, ReadOnlySpan<Staged> staged, ref CommitTime time)
    {
        var room = new Room(_options, staged);
        if (room.Fits(contents))
        {
            return null;
        }

        while (contents.Deadlines.Count > 0 && ExpireDueLocked(contents, time.Now, SweepSlice) > 0)
        {
            if (room.Fits(contents))
            {
                return null;
            }
        }

        return room.Victims(contents, staged);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]   // as are the other rare paths of a commit: inlined, they would make its stack frame large and slow to clear
    private long PublishAfterLocked(List<Staged> victims, Contents contents, in Staged staged) => PublishLocked(contents, [.. victims, staged]);

    /// <summary>Publishes, and sees to what follows from it: the timer before, because it may fail; the rest after.</summary>
    private long PublishLocked(Contents contents, Span<Staged> staged, List<byte[]>? cleared = null, bool isTogether = false)
    {
        _gate.AssertInside();
        long earliest = Expiry.Never;
        foreach (ref readonly Staged key in staged)
        {
            earliest = Math.Min(earliest, key.Deadline);
        }

        if (earliest < _sweeper.WakesAt)
        {
            _sweeper.WakeLocked(earliest, _clock.Now);
        }

        long sequence = _publisher.PublishLocked(contents, staged, cleared, isTogether);
        if (contents != _contents)
        {
            _contents = contents;
        }

        if (contents.Index.IsBehind)
        {
            MergeLater(contents.Index);
        }

        return sequence;
    }

    private void DropAbandonedLocked()
    {
        if (_snapshots.DropAbandoned())
        {
            _contents.ToTidy = _contents.Limbo.Count;
        }
    }

    private SnapshotScan OpenScanLocked(KeyRange range, bool reverse)
    {
        Snapshot snapshot = OpenSnapshotLocked(needsHistory: false);
        return new SnapshotScan(this, _contents.Index, snapshot, range, reverse);
    }

    private Snapshot OpenSnapshotLocked(bool needsHistory)
    {
        _gate.AssertInside();
        ThrowIfClosedLocked();
        _contents.Index.HandOver();
        long now = _clock.Now;
        Snapshot snapshot = _snapshots.Open(_publisher.LastSequence, now, needsHistory);
        WakeSweeperLocked(now);
        return snapshot;
    }

    /// <summary>The sweeper comes when the next entry is due, and soon while a scan might be abandoned or has left something behind.</summary>
    private void WakeSweeperLocked(long now)
    {
        _gate.AssertInside();
        if (_isSealed)
        {
            return;   // the timer is gone, and nothing may expire
        }

        long at = _contents.Deadlines.Earliest;
        if (_snapshots.Count > 0 || _contents.ToTidy > 0)
        {
            at = Math.Min(at, now + TimeSpan.TicksPerSecond);
        }

        _sweeper.WakeLocked(at, now);
    }
}
