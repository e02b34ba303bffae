using System.Buffers;
using System.Text;
using Larder.Changes;
using Larder.Durability;
using Larder.Engine;
using Larder.Entries;
using Larder.Indexing;
using Larder.Locks;
using Larder.Primitives;

namespace Larder;

/// <summary>
/// A key-value store in the memory of the process, and on its disk when it was opened there. Safe for use by any number of threads; readers take no lock.
/// </summary>
/// <remarks>
/// This file is a door: it checks what callers give, hands it to the engine, and waits for the log where a commit must; a sync member blocks
/// where its async twin awaits.
/// After <see cref="Dispose"/> every member throws <see cref="ObjectDisposedException"/>, whoever waits for a lock is refused, and watches end.
/// </remarks>
public sealed class Store : IStore, ISingleFlight, IStoreClock
{
    /// <summary>What a change may take in the log besides its key and value: its lengths, deadline and version, or the digits of a counter.</summary>
    private const long ChangeOverhead = 64;

    private readonly StoreOptions _options;
    private readonly Flights<byte[], Entry?> _flights = KeyFlights.New();
    private readonly KeyLocks _locks;
    private readonly WatchHub _hub;
    private readonly MemoryEngine _engine;
    private readonly MonotonicClock _clock;
    private readonly StoreMeter _meter;
    private readonly StoreDirectory? _directory;
    private int _isDisposed;

    /// <summary>A store in memory with the default options: no bound, no history.</summary>
    public Store()
        : this(new StoreOptions())
    {
    }

    /// <summary>A store in memory.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Some options are impossible, or name a directory; the message lists every one.</exception>
    public Store(StoreOptions options)
        : this(options, null, null)
    {
    }

    private Store(StoreOptions options, Func<IFiles>? files, LogTuning? tuning)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        if (files is null && _options.Path is not null)
        {
            throw new ArgumentException("the store options are not valid: there is a Path, but this makes a store in memory; Store.Open opens a directory.", nameof(options));
        }

        _locks = new KeyLocks(_options.TimeProvider);
        _hub = new WatchHub();
        _clock = new MonotonicClock(_options.TimeProvider);
        _engine = new MemoryEngine(_options, _hub, _flights, _clock);
        if (files is not null)
        {
            try
            {
                _directory = StoreDirectory.Open(
                    files(), _options, tuning ?? new LogTuning(), _clock, _engine.Restoration(), _engine);
                _hub.Next = _directory.Log;
            }
            catch
            {
                _engine.Dispose();
                throw;
            }
        }

        _options.EncryptionKey = null;   // the directory has its own copy
        _meter = new StoreMeter(_engine);
        _options.Tell(StoreLogLevel.Info, "opened", _directory is null ? "A store in memory was opened." : $"The store in '{_options.Path}' was opened at sequence {_engine.LastSequence}.");
    }

    /// <summary>Opens the store that a directory keeps, or begins one there.</summary>
    /// <param name="path">The directory; it is created when it does not exist.</param>
    /// <param name="options">How; <see cref="StoreOptions.Path"/> may be left out.</param>
    /// <exception cref="ArgumentException">Some options are impossible; the message lists every one.</exception>
    /// <exception cref="StoreInUseException">Another store has the directory open.</exception>
    /// <exception cref="StoreDamagedException">The files are damaged or incomplete.</exception>
    /// <exception cref="StoreKeyException">The files are encrypted with another key, or with none.</exception>
    /// <exception cref="IOException">The directory cannot be used.</exception>
    public static Store Open(string path, StoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Open((options ?? new StoreOptions()).At(path));
    }

    /// <inheritdoc cref="Open(string, StoreOptions?)"/>
    public static Store Open(StoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Path is null)
        {
            throw new ArgumentException("the store options are not valid: Store.Open needs a Path; new Store makes one in memory.", nameof(options));
        }

        return new Store(options, () => DiskFiles.At(options.Path, creates: !options.ReadOnly), null);
    }

    /// <inheritdoc cref="Open(string, StoreOptions?)"/>
    /// <param name="path">The directory; it is created when it does not exist.</param>
    /// <param name="options">How; <see cref="StoreOptions.Path"/> may be left out.</param>
    /// <param name="cancellationToken">Keeps an opening from beginning; one that has begun is completed.</param>
    public static Task<Store> OpenAsync(string path, StoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Task.Run(() => Open(path, options), cancellationToken);
    }

    /// <summary>Opens a store over files of any kind; for tests.</summary>
    internal static Store Open(StoreOptions options, IFiles files, LogTuning tuning) => new(options.At(files.Path), () => files, tuning);

    /// <summary>
    /// Writes a new checkpoint and removes what the one before it has made superfluous. Reads and writes go on meanwhile. Happens by itself when the
    /// log has grown long; a store in memory, or one that was opened read-only, has nothing to do.
    /// </summary>
    /// <exception cref="StorePoisonedException">The log has failed.</exception>
    /// <exception cref="IOException">The checkpoint could not be written; everything is as it was.</exception>
    public void Compact()
    {
        ThrowIfClosed();
        _directory?.Compact(erases: false, CancellationToken.None);
    }

    /// <inheritdoc cref="Compact"/>
    public async ValueTask CompactAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfClosed(cancellationToken);
        await Task.Run(() => _directory?.Compact(erases: false, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes everything the store holds at this moment into a new directory, which is a store of its own: <see cref="Open(string, StoreOptions?)"/> opens
    /// it. Encrypted like this one. Reads and writes go on meanwhile.
    /// </summary>
    /// <param name="path">The directory; it must not exist, or be empty.</param>
    /// <returns>The last commit that the backup holds.</returns>
    /// <exception cref="IOException">The directory is not empty or cannot be written; nothing is left in it.</exception>
    public long Backup(string path) => Wait(BackUpAsync(path, blocks: true, default));

    /// <inheritdoc cref="Backup"/>
    /// <param name="path">The directory; it must not exist, or be empty.</param>
    /// <param name="cancellationToken">Ends the writing; nothing is left in the directory.</param>
    public ValueTask<long> BackupAsync(string path, CancellationToken cancellationToken = default) => BackUpAsync(path, blocks: false, cancellationToken);

    /// <summary>
    /// Removes a key and every trace of it, in the history and in every file of the store, by a new checkpoint without it and the removal of everything before.
    /// What the drive, the file system, backups or the memory of the process still hold is beyond its reach. Returns whether the key was there.
    /// </summary>
    /// <exception cref="StorePoisonedException">The log has failed.</exception>
    /// <exception cref="IOException">The checkpoint could not be written; the key is removed, but traces of it may be left in the files.</exception>
    public bool Erase(string key)
    {
        bool wasThere = Remove(key);
        _directory?.Compact(erases: true, CancellationToken.None);
        return wasThere;
    }

    /// <inheritdoc cref="Erase"/>
    public ValueTask<bool> EraseAsync(string key, CancellationToken cancellationToken = default)
    {
        ValueTask<bool> removed = RemoveAsync(key, cancellationToken);
        return ErasedAsync(removed);

        async ValueTask<bool> ErasedAsync(ValueTask<bool> removed)
        {
            bool wasThere = await removed.ConfigureAwait(false);
            await Task.Run(() => _directory?.Compact(erases: true, cancellationToken), cancellationToken).ConfigureAwait(false);
            return wasThere;
        }
    }

    /// <inheritdoc/>
    public StoreFeatures Features => StoreFeatures.All;

    /// <inheritdoc/>
    public IValueSerializer Serializer => _options.Serializer;

    /// <inheritdoc/>
    DateTimeOffset IStoreClock.UtcNow => new(_clock.Now, TimeSpan.Zero);

    /// <summary>Figures of this moment. May also be asked for after the store was closed.</summary>
    public StoreStatistics Statistics => new()
    {
        Entries = _engine.Entries,
        Bytes = _engine.Bytes,
        Hits = _engine.Hits,
        Misses = _engine.Misses,
        Evictions = _engine.Evictions,
        Expirations = _engine.Expirations,
        LastSequence = _engine.LastSequence,
        Scans = _engine.Scans,
        Watchers = _hub.Count,
        Locks = _locks.Count,
        DurableSequence = _directory?.DurableSequence ?? 0,
        DiskBytes = _directory?.DiskBytes ?? 0,
        Fault = _directory?.Failure?.Error().Message,
    };

    /// <inheritdoc/>
    public bool TryGet(string key, out Entry entry) => Find(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), key, out entry);

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> utf8Key, out Entry entry) => Find(Utf8.Key(utf8Key), null, out entry);

    /// <inheritdoc/>
    public ValueTask<Entry?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        FindAsync(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Entry?> GetAsync(ReadOnlySpan<byte> utf8Key, CancellationToken cancellationToken = default) =>
        FindAsync(Utf8.Key(utf8Key), null, cancellationToken);

    /// <inheritdoc/>
    public bool TryRead(ReadOnlySpan<byte> utf8Key, IBufferWriter<byte> destination)
    {
        ReadOnlySpan<byte> key = Utf8.Key(utf8Key);
        ArgumentNullException.ThrowIfNull(destination);
        if (!Find(key, null, out Entry entry))
        {
            return false;
        }

        destination.Write(entry.Value.Span);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryReadAsync(ReadOnlySpan<byte> utf8Key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        ReadOnlySpan<byte> key = Utf8.Key(utf8Key);
        ArgumentNullException.ThrowIfNull(destination);
        try
        {
            ThrowIfClosed(cancellationToken);
            return new(TryRead(key, destination));
        }
        catch (Exception error)
        {
            return Faulted.As<bool>(error);
        }
    }

    /// <inheritdoc/>
    public long Set(string key, ReadOnlySpan<byte> value, Expiry expiry = default) =>
        Commit(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), value, new Operation(Verb.Put, expiry)).Version;

    /// <inheritdoc/>
    public long Set(string key, byte[] value, Expiry expiry = default) => Set(key, NotNull(key, value), expiry);

    /// <inheritdoc/>
    public long Set(ReadOnlySpan<byte> utf8Key, ReadOnlySpan<byte> value, Expiry expiry = default) =>
        Commit(Utf8.Key(utf8Key), value, new Operation(Verb.Put, expiry)).Version;

    /// <inheritdoc/>
    public ValueTask<long> SetAsync(string key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        VersionOf(CommitAsync(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), value, new Operation(Verb.Put, expiry), ValueKind.Bytes, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<long> SetAsync(string key, byte[] value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        SetAsync(key, NotNull(key, value), expiry, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> SetAsync(ReadOnlySpan<byte> utf8Key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        VersionOf(CommitAsync(Utf8.Key(utf8Key), value, new Operation(Verb.Put, expiry), ValueKind.Bytes, cancellationToken));

    /// <inheritdoc/>
    public WriteResult TryAdd(string key, ReadOnlySpan<byte> value, Expiry expiry = default) =>
        ResultOf(Commit(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), value, new Operation(Verb.Put, expiry, Expected: 0)));

    /// <inheritdoc/>
    public WriteResult TryAdd(string key, byte[] value, Expiry expiry = default) => TryAdd(key, NotNull(key, value), expiry);

    /// <inheritdoc/>
    public ValueTask<WriteResult> TryAddAsync(string key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        ResultOf(CommitAsync(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), value, new Operation(Verb.Put, expiry, Expected: 0), ValueKind.Bytes, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<WriteResult> TryAddAsync(string key, byte[] value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        TryAddAsync(key, NotNull(key, value), expiry, cancellationToken);

    /// <inheritdoc/>
    public WriteResult TryUpdate(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default) =>
        ResultOf(Commit(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), value, new Operation(Verb.Put, expiry, ExpectedVersion.Present(expectedVersion))));

    /// <inheritdoc/>
    public WriteResult TryUpdate(string key, byte[] value, long expectedVersion, Expiry expiry = default) =>
        TryUpdate(key, NotNull(key, value), expectedVersion, expiry);

    /// <inheritdoc/>
    public ValueTask<WriteResult> TryUpdateAsync(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        ResultOf(CommitAsync(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), value, new Operation(Verb.Put, expiry, ExpectedVersion.Present(expectedVersion)), ValueKind.Bytes, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<WriteResult> TryUpdateAsync(string key, byte[] value, long expectedVersion, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        TryUpdateAsync(key, NotNull(key, value), expectedVersion, expiry, cancellationToken);

    /// <inheritdoc/>
    public bool Remove(string key) =>
        Commit(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), default, new Operation(Verb.Remove)).Applied;

    /// <inheritdoc/>
    public bool Remove(ReadOnlySpan<byte> utf8Key) => Commit(Utf8.Key(utf8Key), default, new Operation(Verb.Remove)).Applied;

    /// <inheritdoc/>
    public bool Remove(string key, long expectedVersion) =>
        Commit(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), default, new Operation(Verb.Remove, Expected: ExpectedVersion.Present(expectedVersion))).Applied;

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) =>
        AppliedOf(CommitAsync(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), default, new Operation(Verb.Remove), ValueKind.Bytes, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(ReadOnlySpan<byte> utf8Key, CancellationToken cancellationToken = default) =>
        AppliedOf(CommitAsync(Utf8.Key(utf8Key), default, new Operation(Verb.Remove), ValueKind.Bytes, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(string key, long expectedVersion, CancellationToken cancellationToken = default) =>
        AppliedOf(CommitAsync(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), default, new Operation(Verb.Remove, Expected: ExpectedVersion.Present(expectedVersion)), ValueKind.Bytes, cancellationToken));

    /// <inheritdoc/>
    public long Increment(string key, long by = 1, Expiry expiry = default) =>
        Commit(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), default, new Operation(Verb.Increment, expiry) { By = by }).Number;

    /// <inheritdoc/>
    public long Increment(ReadOnlySpan<byte> utf8Key, long by = 1, Expiry expiry = default) =>
        Commit(Utf8.Key(utf8Key), default, new Operation(Verb.Increment, expiry) { By = by }).Number;

    /// <inheritdoc/>
    public ValueTask<long> IncrementAsync(string key, long by = 1, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        NumberOf(CommitAsync(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), default, new Operation(Verb.Increment, expiry) { By = by }, ValueKind.Bytes, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<long> IncrementAsync(ReadOnlySpan<byte> utf8Key, long by = 1, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        NumberOf(CommitAsync(Utf8.Key(utf8Key), default, new Operation(Verb.Increment, expiry) { By = by }, ValueKind.Bytes, cancellationToken));

    /// <inheritdoc/>
    public bool Touch(string key, Expiry expiry) =>
        Commit(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), default, new Operation(Verb.Touch, expiry)).Applied;

    /// <inheritdoc/>
    public ValueTask<bool> TouchAsync(string key, Expiry expiry, CancellationToken cancellationToken = default) =>
        AppliedOf(CommitAsync(Utf8.Key(key, stackalloc byte[Utf8.StackBytes]), default, new Operation(Verb.Touch, expiry), ValueKind.Bytes, cancellationToken));

    /// <inheritdoc/>
    public IEnumerable<Entry> Scan(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false)
    {
        ScanEnumerable scan = NewScan(prefix, after, limit, reverse, default);
        ThrowIfClosed();
        return scan;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ScanAsync(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false, CancellationToken cancellationToken = default) =>
        NewScan(prefix, after, limit, reverse, cancellationToken);

    /// <inheritdoc/>
    public WriteResult Write(WriteBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return ResultOf(Commit(batch));
    }

    /// <inheritdoc/>
    public ValueTask<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return ResultOf(CommitAsync(batch, cancellationToken));
    }

    /// <inheritdoc/>
    public IReadOnlyList<Entry> History(string key)
    {
        ReadOnlySpan<byte> utf8 = Utf8.Key(key, stackalloc byte[Utf8.StackBytes]);
        ThrowIfClosed();
        CheckKey(utf8);
        return _engine.History(utf8);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Entry>> HistoryAsync(string key, CancellationToken cancellationToken = default)
    {
        ReadOnlySpan<byte> utf8 = Utf8.Key(key, stackalloc byte[Utf8.StackBytes]);
        try
        {
            ThrowIfClosed(cancellationToken);
            CheckKey(utf8);
            return new(_engine.History(utf8));
        }
        catch (Exception error)
        {
            return Faulted.As<IReadOnlyList<Entry>>(error);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Change> Watch(string prefix = "", bool includeCurrent = false, CancellationToken cancellationToken = default) =>
        new WatchEnumerable(_engine, _hub, Utf8.Prefix(prefix), includeCurrent, cancellationToken);

    /// <inheritdoc/>
    public KeyLock? TryLock(string key, TimeSpan wait)
    {
        int bytes = CheckLock(key, wait);
        ThrowIfClosed();
        CheckKey(bytes);
        return _locks.Take(key, wait);
    }

    /// <inheritdoc/>
    public ValueTask<KeyLock?> TryLockAsync(string key, TimeSpan wait, CancellationToken cancellationToken = default)
    {
        int bytes = CheckLock(key, wait);
        try
        {
            ThrowIfClosed(cancellationToken);
            CheckKey(bytes);
            return _locks.TakeAsync(key, wait, cancellationToken);
        }
        catch (Exception error)
        {
            return Faulted.As<KeyLock?>(error);
        }
    }

    /// <inheritdoc/>
    public long Count(string prefix = "")
    {
        byte[] utf8 = Utf8.Prefix(prefix);
        ThrowIfClosed();
        return CountUnder(utf8, default);
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(string prefix = "", CancellationToken cancellationToken = default)
    {
        byte[] utf8 = Utf8.Prefix(prefix);
        try
        {
            ThrowIfClosed(cancellationToken);
            return new(CountUnder(utf8, cancellationToken));
        }
        catch (Exception error)
        {
            return Faulted.As<long>(error);
        }
    }

    /// <inheritdoc/>
    public long RemovePrefix(string prefix) => Wait(RemoveUnderAsync(Utf8.Prefix(prefix), default));

    /// <inheritdoc/>
    public ValueTask<long> RemovePrefixAsync(string prefix, CancellationToken cancellationToken = default) =>
        RemoveUnderAsync(Utf8.Prefix(prefix), cancellationToken);

    /// <inheritdoc/>
    public void Clear() => Commit(new WriteBatch().Clear());

    /// <inheritdoc/>
    public async ValueTask ClearAsync(CancellationToken cancellationToken = default) =>
        await CommitAsync(new WriteBatch().Clear(), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public void Flush()
    {
        ThrowIfClosed();
        _directory?.Flush(_engine.LastSequence);
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfClosed(cancellationToken);
        if (_directory is not null)
        {
            await _directory.FlushAsync(_engine.LastSequence, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Entry? Load(string key, Func<string, LoadedValue?> load, Expiry expiry = default)
    {
        byte[] utf8 = Utf8.Key(key);
        ArgumentNullException.ThrowIfNull(load);
        return Wait(LoadAsync(utf8, key, (k, _) => new(load(k)), expiry, blocks: true, default));
    }

    /// <inheritdoc/>
    public ValueTask<Entry?> LoadAsync(
        string key,
        Func<string, CancellationToken, ValueTask<LoadedValue?>> load,
        Expiry expiry = default,
        CancellationToken cancellationToken = default)
    {
        byte[] utf8 = Utf8.Key(key);
        ArgumentNullException.ThrowIfNull(load);
        return LoadAsync(utf8, key, load, expiry, blocks: false, cancellationToken);
    }

    /// <summary>
    /// Closes the store: what waits for its flush gets it, and the directory is free for another. Twice is as good as once.
    /// </summary>
    /// <exception cref="IOException">What had not been flushed yet could not be; the store is closed all the same, as if it had crashed.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        try
        {
            _engine.Seal();
            _directory?.Dispose();
        }
        finally
        {
            _engine.Dispose();
            _meter.Dispose();
            _locks.Close();
            _hub.Close();
            _options.Tell(StoreLogLevel.Info, "closed", "The store was closed.");
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        if (_directory is not null)
        {
            return new ValueTask(Task.Run(Dispose));
        }

        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Keys that are gone, or versions, that stay only because a scan might still see them; for tests.</summary>
    internal int InLimbo => _engine.InLimbo;

    /// <summary>Walks the whole structure and throws when an invariant is broken; for tests.</summary>
    internal void VerifyIntegrity() => _engine.Verify();

    private bool Find(ReadOnlySpan<byte> utf8, string? key, out Entry entry)
    {
        ThrowIfClosed();
        CheckKey(utf8);
        bool isFound = _engine.TryFind(utf8, out Node node, out Record record);
        if (!isFound)
        {
            ThrowIfClosed();   // a store that was closed meanwhile is empty, but that is no answer
            entry = default;
            return false;
        }

        entry = new Entry(node.Key, record.Bytes!, Record.ValueAt, record.Version, record.ExpiresAt, record.Kind, key);
        return true;
    }

    private ValueTask<Entry?> FindAsync(ReadOnlySpan<byte> utf8, string? key, CancellationToken cancellationToken)
    {
        try
        {
            ThrowIfClosed(cancellationToken);
            return new(Find(utf8, key, out Entry entry) ? entry : null);
        }
        catch (Exception error)
        {
            return Faulted.As<Entry?>(error);
        }
    }

    /// <summary>Every write to one key: check, find room in the log, commit, wait until it is as durable as was asked for.</summary>
    private Outcome Commit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in Operation operation)
    {
        Record owned = Owned(key, value, operation, ValueKind.Bytes, default);
        long room = Room(key.Length + value.Length);
        Wait(_hub.ReserveAsync(room, default));
        Outcome outcome = Apply(room, key, owned, operation);
        _hub.Wait(outcome.Sequence);
        return outcome;
    }

    private ValueTask<Outcome> CommitAsync(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in Operation operation, ValueKind kind, CancellationToken cancellationToken) =>
        DurableAsync(ApplyAsync(key, value, operation, kind, cancellationToken), cancellationToken);

    /// <summary>A commit without the wait for its durability.</summary>
    private ValueTask<Outcome> ApplyAsync(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in Operation operation, ValueKind kind, CancellationToken cancellationToken)
    {
        try
        {
            Record owned = Owned(key, value, operation, kind, cancellationToken);
            long room = Room(key.Length + value.Length);
            ValueTask reserved = _hub.ReserveAsync(room, cancellationToken);
            return reserved.IsCompletedSuccessfully
                ? new(Apply(room, key, owned, operation))
                : ApplyLaterAsync(reserved, room, key.ToArray(), owned, operation);
        }
        catch (Exception error)
        {
            return Faulted.As<Outcome>(error);
        }
    }

    private Outcome Apply(long room, ReadOnlySpan<byte> key, Record version, in Operation operation)
    {
        try
        {
            return _engine.Commit(key, version, operation);
        }
        catch (StoreFullException full) when (Told(full))
        {
            throw;
        }
        finally
        {
            _hub.Release(room);
        }
    }

    private async ValueTask<Outcome> ApplyLaterAsync(ValueTask reserved, long room, byte[] key, Record version, Operation operation)
    {
        await reserved.ConfigureAwait(false);
        return Apply(room, key, version, operation);
    }

    private Outcome Commit(WriteBatch batch)
    {
        long room = Checked(batch, default);
        Wait(_hub.ReserveAsync(room, default));
        Outcome outcome = Apply(room, batch.ItemList);
        _hub.Wait(outcome.Sequence);
        return outcome;
    }

    private ValueTask<Outcome> CommitAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            long room = Checked(batch, cancellationToken);
            ValueTask reserved = _hub.ReserveAsync(room, cancellationToken);
            return DurableAsync(
                reserved.IsCompletedSuccessfully ? new(Apply(room, batch.ItemList)) : ApplyLaterAsync(reserved, room, [.. batch.ItemList]), cancellationToken);
        }
        catch (Exception error)
        {
            return Faulted.As<Outcome>(error);
        }
    }

    private Outcome Apply(long room, IReadOnlyList<BatchItem> items)
    {
        try
        {
            return _engine.Commit(items);
        }
        catch (StoreFullException full) when (Told(full))
        {
            throw;
        }
        finally
        {
            _hub.Release(room);
        }
    }

    private async ValueTask<Outcome> ApplyLaterAsync(ValueTask reserved, long room, BatchItem[] items)
    {
        await reserved.ConfigureAwait(false);
        return Apply(room, items);
    }

    private ValueTask<Outcome> DurableAsync(ValueTask<Outcome> applied, CancellationToken cancellationToken)
    {
        if (!applied.IsCompletedSuccessfully)
        {
            return AppliedAsync(applied);
        }

        Outcome outcome = applied.Result;
        ValueTask durable = _hub.WaitAsync(outcome.Sequence, cancellationToken);
        return durable.IsCompletedSuccessfully ? new(outcome) : WaitedAsync(durable, outcome);

        async ValueTask<Outcome> AppliedAsync(ValueTask<Outcome> applied)
        {
            Outcome outcome = await applied.ConfigureAwait(false);
            await _hub.WaitAsync(outcome.Sequence, cancellationToken).ConfigureAwait(false);
            return outcome;
        }

        static async ValueTask<Outcome> WaitedAsync(ValueTask durable, Outcome outcome)
        {
            await durable.ConfigureAwait(false);
            return outcome;
        }
    }

    /// <summary>The most bytes that the log may need for changes of so many bytes of keys and values.</summary>
    private static long Room(long bytes, int changes = 1) => bytes + (changes * ChangeOverhead);

    /// <summary>Tells the log of a full store, outside the gate; what else goes wrong is the caller's to know.</summary>
    private bool Told(Exception error)
    {
        if (error is StoreFullException)
        {
            _options.Tell(StoreLogLevel.Warning, "full", error.Message);
        }

        return false;
    }

    /// <summary>What is to be written, checked and copied.</summary>
    private Record Owned(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in Operation operation, ValueKind kind, CancellationToken cancellationToken)
    {
        ThrowIfUnwritable(cancellationToken);
        CheckKey(key);
        CheckValue(value.Length);
        return operation.Verb == Verb.Put ? Record.Of(value, kind) : default;
    }

    /// <summary>The room that a batch within its limits needs.</summary>
    private long Checked(WriteBatch batch, CancellationToken cancellationToken)
    {
        ThrowIfUnwritable(cancellationToken);
        long bytes = 0;
        foreach (BatchItem item in batch.ItemList)
        {
            CheckKey(item.KeyArray);
            CheckValue(item.ValueArray?.Length ?? 0);
            bytes += item.KeyArray.Length + (item.ValueArray?.Length ?? 0);
        }

        return Room(bytes, batch.ItemList.Count);
    }

    private async ValueTask<long> BackUpAsync(string path, bool blocks, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ThrowIfClosed(cancellationToken);
        return blocks ? BackUp() : await Task.Run(BackUp, cancellationToken).ConfigureAwait(false);

        long BackUp()
        {
            using IChangeImage image = _engine.OpenImage();
            using var target = DiskFiles.At(path, creates: true);
            StoreDirectory.Export(_directory, target, image, cancellationToken);
            return image.Sequence;
        }
    }

    private ValueTask<Entry?> LoadAsync(
        byte[] utf8, string key, Func<string, CancellationToken, ValueTask<LoadedValue?>> load, Expiry expiry, bool blocks, CancellationToken cancellationToken)
    {
        try
        {
            ThrowIfClosed(cancellationToken);
            return Find(utf8, key, out Entry entry)
                ? new(entry)
                : _flights.RunAsync(utf8, flight => LoadAndStoreAsync(flight, key, load, expiry), blocks, cancellationToken);
        }
        catch (Exception error)
        {
            return Faulted.As<Entry?>(error);
        }
    }

    private async ValueTask<Entry?> LoadAndStoreAsync(Flight<byte[], Entry?> flight, string key, Func<string, CancellationToken, ValueTask<LoadedValue?>> load, Expiry expiry)
    {
        // Only now, with the flight in its table, is a write sure to overtake it; so this look decides.
        if (_engine.TryPeek(flight.Key, out Node node, out Record record))
        {
            return MemoryEngine.EntryOf(node, record, key);
        }

        if (await load(key, flight.Token).ConfigureAwait(false) is not { } made)
        {
            return null;
        }

        var operation = new Operation(Verb.Put, expiry, Expected: 0) { Flight = flight };
        Outcome outcome = await CommitAsync(flight.Key, made.Value.Span, operation, made.Kind, CancellationToken.None).ConfigureAwait(false);
        return outcome is { Applied: true, Version: > 0 } && _engine.TryPeek(flight.Key, out node, out record) && record.Version == outcome.Version
            ? MemoryEngine.EntryOf(node, record, key)
            : new Entry(flight.Key, made.Value, 0, null, made.Kind, key);
    }

    private ScanEnumerable NewScan(string prefix, string? after, int limit, bool reverse, CancellationToken cancellationToken)
    {
        byte[] utf8 = Utf8.Prefix(prefix);
        byte[]? from = after is null ? null : Utf8.Prefix(after);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return new ScanEnumerable(_engine, KeyRange.Of(utf8, from, reverse), limit, reverse, cancellationToken);
    }

    private long CountUnder(byte[] prefix, CancellationToken cancellationToken)
    {
        if (prefix.Length == 0)
        {
            return _engine.Count();
        }

        long count = 0;
        using SnapshotScan scan = _engine.OpenScan(KeyRange.Under(prefix), reverse: false);
        while (scan.Next(out _))
        {
            cancellationToken.ThrowIfCancellationRequested();
            count++;
        }

        return count;
    }

    private async ValueTask<long> RemoveUnderAsync(byte[] prefix, CancellationToken cancellationToken)
    {
        ThrowIfUnwritable(cancellationToken);
        long removed = 0;
        long last = 0;
        using SnapshotScan scan = _engine.OpenRemoval(prefix);
        while (scan.Next(out Entry entry))
        {
            var operation = new Operation(Verb.Remove, Expected: entry.Version);
            Outcome outcome = await ApplyAsync(entry.Utf8Key.Span, default, operation, ValueKind.Bytes, cancellationToken).ConfigureAwait(false);
            removed += outcome.Applied ? 1 : 0;
            last = Math.Max(last, outcome.Sequence);
        }

        await _hub.WaitAsync(last, cancellationToken).ConfigureAwait(false);   // once for all: not every removal needs a flush of its own
        return removed;
    }

    /// <summary>The bytes of the key in UTF-8. Nobody needs more than their number, so the common key, which is ASCII, is not encoded.</summary>
    private static int CheckLock(string key, TimeSpan wait)
    {
        int bytes = key is { Length: > 0 } && Ascii.IsValid(key) ? key.Length : Utf8.Key(key, []).Length;
        Waits.Check(wait);
        return bytes;
    }

    private void ThrowIfClosed(CancellationToken cancellationToken = default)
    {
        if (_engine.IsClosed)
        {
            throw Closed.Error();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private void ThrowIfUnwritable(CancellationToken cancellationToken)
    {
        ThrowIfClosed(cancellationToken);
        if (_options.ReadOnly)
        {
            throw new StoreReadOnlyException();
        }
    }

    private void CheckKey(ReadOnlySpan<byte> key) => CheckKey(key.Length);

    private void CheckKey(int bytes)
    {
        if (bytes > _options.MaxKeyBytes)
        {
            throw new StoreLimitException(nameof(StoreOptions.MaxKeyBytes), _options.MaxKeyBytes, bytes, "bytes");
        }
    }

    private void CheckValue(int length)
    {
        if (length > _options.MaxValueBytes)
        {
            throw new StoreLimitException(nameof(StoreOptions.MaxValueBytes), _options.MaxValueBytes, length, "bytes");
        }
    }

    /// <summary>A null array converts to an empty span without a word; here it is refused.</summary>
    private static ReadOnlySpan<byte> NotNull(string key, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }

    /// <summary>Waits for room in the log. No interrupt ends it: the room would come all the same, and nobody would give it back.</summary>
    private static void Wait(ValueTask reserved)
    {
        if (!reserved.IsCompletedSuccessfully)
        {
            Task task = reserved.AsTask();
            Uninterrupted.Run(() => ((IAsyncResult)task).AsyncWaitHandle.WaitOne());
            task.GetAwaiter().GetResult();
        }
    }

    private static T Wait<T>(ValueTask<T> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : task.AsTask().GetAwaiter().GetResult();

    private static WriteResult ResultOf(in Outcome outcome) => new(outcome.Applied, outcome.Version);

    private static async ValueTask<WriteResult> ResultOf(ValueTask<Outcome> commit) => ResultOf(await commit.ConfigureAwait(false));

    private static async ValueTask<long> VersionOf(ValueTask<Outcome> commit) => (await commit.ConfigureAwait(false)).Version;

    private static async ValueTask<bool> AppliedOf(ValueTask<Outcome> commit) => (await commit.ConfigureAwait(false)).Applied;

    private static async ValueTask<long> NumberOf(ValueTask<Outcome> commit) => (await commit.ConfigureAwait(false)).Number;
}
