using Larder.Changes;
using Larder.Primitives;

namespace Larder.Durability;

/// <summary>
/// The files of one open store, and everything that happens to them: the way into this room. Opens a directory, keeps it up to date by log and
/// checkpoints as the mode asks, and closes it.
/// </summary>
internal sealed class StoreDirectory : IDisposable
{
    private readonly IFiles _files;
    private readonly LogTuning _tuning;
    private readonly StoreOptions _options;
    private readonly IFile? _lock;
    private readonly byte[]? _key;
    private readonly ChangeLog? _log;
    private readonly Checkpoints? _checkpoints;
    private readonly IImaged _state;
    private readonly ITimer? _timer;
    private Task _background = Task.CompletedTask;   // the newest checkpoint that nobody waits for
    private Task? _base;
    private volatile bool _isClosing;

    private StoreDirectory(IFiles files, StoreOptions options, LogTuning tuning, IFile? lockFile, byte[]? key, Recovered found, MonotonicClock clock, IImaged state)
    {
        _files = files;
        _options = options;
        _tuning = tuning;
        _lock = lockFile;
        _key = key;
        _state = state;
        StoreId = found.StoreId ?? Guid.NewGuid();
        if (lockFile is null)
        {
            return;
        }

        bool hasLog = options.Durability != DurabilityMode.Snapshot;
        (_log, bool isLinked) = hasLog ? BeginLog(found, clock) : (null, false);
        try
        {
            _checkpoints = new Checkpoints(files, lockFile, StoreId, key, _log, state.OpenImage, found);
            if (_log is not null)
            {
                _checkpoints.Note(isLinked ? found.Last : 0);
                _log.Grown = Grown;
                _log.Failed = failure => TellElsewhere(StoreLogLevel.Error, "poisoned", failure.Error().Message);
                if (!isLinked)
                {
                    _log.Base = Base;
                    if (tuning.HasThread)
                    {
                        Base();
                    }
                }
                else
                {
                    Grown();
                }
            }
            else if (found.FirstSegment != 0 || found.Checkpoint == 0)
            {
                _checkpoints.Make();   // from a log, or from nothing
            }
            else
            {
                _checkpoints.Note(found.Last);
            }

            if (!hasLog && tuning.HasThread)
            {
                TimeSpan interval = options.FlushInterval ?? TimeSpan.FromMinutes(1);
                _timer = options.TimeProvider.CreateTimer(static directory => ((StoreDirectory)directory!).MakeInBackground(), this, interval, interval);
            }
        }
        catch
        {
            _log?.Dispose();   // its thread and its file
            throw;
        }
    }

    /// <summary>Which store it is.</summary>
    internal Guid StoreId { get; }

    /// <summary>Where commits go; null when the mode has no log, or nothing may be written.</summary>
    internal IChangeLog? Log => _log;

    internal LogFailure? Failure => _log?.Failure;

    /// <summary>
    /// Everything up to this commit survives what the mode promises to survive. What was recovered after a crash may so far be in the memory of the machine
    /// only, until the checkpoint that writers wait for has been made.
    /// </summary>
    internal long DurableSequence => _log is { Base: not null } && _base is not { IsCompletedSuccessfully: true }
        ? 0
        : _log?.DurableSequence ?? _checkpoints?.Sequence ?? _state.LastSequence;

    /// <summary>Bytes that the files take.</summary>
    internal long DiskBytes
    {
        get
        {
            try
            {
                return new DirectoryListing(_files).Bytes(_files);
            }
            catch (IOException)
            {
                return 0;   // figures must be had when files cannot be opened, then most of all
            }
        }
    }

    /// <summary>Opens a directory: recovers what is there into a target, and begins to write.</summary>
    /// <param name="files">The directory; this owns it from here on.</param>
    /// <param name="options">The store's options.</param>
    /// <param name="tuning">Sizes.</param>
    /// <param name="clock">The store's clock; moved on to what the files tell.</param>
    /// <param name="target">Takes the changes.</param>
    /// <param name="state">What the store holds, from the end of this call on.</param>
    /// <exception cref="StoreInUseException">Somebody else has the directory.</exception>
    /// <exception cref="StoreDamagedException">The files are damaged or incomplete.</exception>
    /// <exception cref="StoreKeyException">The key does not fit.</exception>
    internal static StoreDirectory Open(
        IFiles files, StoreOptions options, LogTuning tuning, MonotonicClock clock, IChangeTarget target, IImaged state)
    {
        IFile? owned = null;
        byte[]? key = Copy(options.EncryptionKey);
        try
        {
            Recovered found;
            if (options.ReadOnly)
            {
                found = Beside.Read(() => OwnerNote.Expect(files, () => Recovery.Run(files, new Reading { Key = key }, target)));
            }
            else
            {
                owned = files.Own();
                files.SyncDirectory();   // names that a killed owner gave may be in the memory of the machine only
                found = Recovery.Run(files, new Reading { Key = key }, target);
                OwnerNote.Read(owned)?.Check(files.Path, found);
                Tidy(files, found, options);
            }

            clock.NotBefore(found.Time);
            target.End(found.Last);
            return new StoreDirectory(files, options, tuning, owned, key, found, clock, state);
        }
        catch
        {
            owned?.Dispose();
            files.Dispose();
            Forget(key);
            throw;
        }
    }

    /// <summary>Brings everything up to a commit to where the mode promises that it survives.</summary>
    internal void Flush(long sequence)
    {
        if (_log is not null)
        {
            EnsureBase();
            _log.WaitForFlush(sequence);
        }
        else if (_checkpoints is not null && sequence > _checkpoints.Sequence)
        {
            ThrowIfClosing();
            _checkpoints.Make();
        }
    }

    /// <summary>Who asks for checkpoints again and again must not keep the last one from being made.</summary>
    private void ThrowIfClosing()
    {
        if (_isClosing)
        {
            throw Closed.Error();
        }
    }

    /// <inheritdoc cref="Flush"/>
    internal ValueTask FlushAsync(long sequence, CancellationToken cancellationToken) => _log is { Base: null }
        ? _log.WaitForFlushAsync(sequence, cancellationToken)
        : new ValueTask(Task.Run(() => Flush(sequence), cancellationToken));

    /// <summary>Makes a checkpoint now.</summary>
    internal void Compact(bool erases, CancellationToken cancellationToken)
    {
        ThrowIfClosing();
        EnsureBase();
        if (erases)
        {
            _log?.WaitForFlush(_state.LastSequence);   // what is still on its way would go into the segment that stays
        }

        _checkpoints?.Make(erases: erases, cancellationToken: cancellationToken);
    }

    /// <summary>Writes an image as a store of its own into another directory, encrypted like the one it comes from.</summary>
    internal static void Export(StoreDirectory? from, IFiles target, IChangeImage image, CancellationToken cancellationToken) =>
        Export(from?._key, target, image, cancellationToken);

    /// <inheritdoc cref="Export(StoreDirectory?, IFiles, IChangeImage, CancellationToken)"/>
    internal static void Export(byte[]? encryptionKey, IFiles target, IChangeImage image, CancellationToken cancellationToken)
    {
        if (target.List().Count > 0)
        {
            throw new IOException($"'{target.Path}' is not empty.");
        }

        var header = new FileHeader
        {
            Kind = FileKind.Checkpoint,
            StoreId = Guid.NewGuid(),
            Number = 1,
            FirstSequence = image.Sequence,
            Salt = FileHeader.NewSalt(),
            Created = image.Now,
            IsEncrypted = encryptionKey is not null,
        };
        CheckpointWriter.Write(target, image, header, encryptionKey, nextSegment: 0, cancellationToken);
    }

    /// <summary>
    /// Brings everything to stable storage and lets go of the directory. No commit may come any more. When that fails, which is thrown, the
    /// directory is as after a crash.
    /// </summary>
    public void Dispose()
    {
        try
        {
            _timer?.Dispose();
            lock (_files)
            {
                _isClosing = true;
            }

            Settle(_background);
            Finish();
        }
        finally
        {
            _checkpoints?.Dispose();   // first: it may still be writing
            _log?.Dispose();
            _lock?.Dispose();
            _files.Dispose();
            Forget(_key);
        }
    }

    /// <summary>A copy of a key that is the copier's to clear.</summary>
    internal static byte[]? Copy(byte[]? given)
    {
        if (given is null)
        {
            return null;
        }

        byte[] key = GC.AllocateUninitializedArray<byte>(given.Length, pinned: true);   // so that the collector leaves no copies
        given.CopyTo(key, 0);
        return key;
    }

    private static void Forget(byte[]? key) => System.Security.Cryptography.CryptographicOperations.ZeroMemory(key);

    /// <summary>Removes what was never finished, and puts a torn tail aside.</summary>
    private static void Tidy(IFiles files, Recovered found, StoreOptions options)
    {
        if (found.Overcome is { } damage)
        {
            options.Tell(StoreLogLevel.Warning, "damaged", $"{damage.Message} The checkpoint before it and the log behind that are complete, and stood in for it.");
        }

        if (found.TornBytes > 0)
        {
            string name = FileName.Of(FileKind.Segment, found.LastSegment!.Number);
            string aside = PutAside(files, name, found) is { } kept ? $"they were copied to {kept}" : "they could not be copied";
            options.Tell(StoreLogLevel.Warning, "torn", $"{found.TornBytes} bytes behind the last whole record of {name} were in flight when its owner stopped; {aside}.");
        }

        List<string> unfinished = [.. new DirectoryListing(files).Temporaries, .. found.Unbegun.Select(number => FileName.Of(FileKind.Segment, number))];
        foreach (string name in unfinished)
        {
            files.Delete(name);
        }

        if (unfinished.Count > 0)
        {
            files.SyncDirectory();
        }
    }

    /// <summary>Copies what is behind the last whole record. A courtesy: nothing depends on it.</summary>
    private static string? PutAside(IFiles files, string segment, Recovered found)
    {
        string name = FileName.TornOf(found.LastSegment!.Number, found.End);
        try
        {
            using IFile from = files.Open(segment);
            using IFile to = files.Create(name);
            var bytes = new byte[64 * 1024];
            for (long at = 0; at < found.TornBytes;)
            {
                int read = from.Read(bytes.AsSpan(0, (int)Math.Min(bytes.Length, found.TornBytes - at)), found.End + at);
                if (read == 0)
                {
                    break;
                }

                to.Write(bytes.AsSpan(0, read), at);
                at += read;
            }

            return name;
        }
        catch (IOException)
        {
            return new DirectoryListing(files).Torn.Contains(name) ? name : null;
        }
    }

    private static void Settle(Task task)
    {
        // Its failure was told; what matters is that it is over.
        Uninterrupted.Run(() => ((IAsyncResult)task).AsyncWaitHandle.WaitOne());
    }

    /// <summary>
    /// Begins a segment for the commits to come. It is linked when what was before says that it exists: else a checkpoint must say so
    /// before the first commit is acknowledged.
    /// </summary>
    private (ChangeLog Log, bool IsLinked) BeginLog(Recovered found, MonotonicClock clock)
    {
        var header = new FileHeader
        {
            Kind = FileKind.Segment,
            StoreId = StoreId,
            Number = new DirectoryListing(_files).Segments.LastOrDefault() + 1,
            FirstSequence = found.Last + 1,
            Salt = FileHeader.NewSalt(),
            Created = clock.Now,
            IsEncrypted = _key is not null,
        };
        Segment segment = Segment.Create(_files, header, _key, 2 * _tuning.MarginBytes, _tuning.AllocateBytes);
        try
        {
            segment.Settle(_files);
            bool isLinked = found.LastSegment is null && found.Checkpoint == 0;
            if (found is { IsClosed: true, LastSegment: { } last, TornBytes: 0 })
            {
                using Segment closed = Segment.Reopen(_files, last, _key, found.ClosedAt, found.End);
                closed.WriteEnd(found.LastInSegment, found.LastInSegment, header.Number);
                closed.Sync();
                isLinked = true;
            }

            TimeSpan? interval = _options.Durability == DurabilityMode.Interval ? _options.FlushInterval ?? TimeSpan.FromMilliseconds(100) : null;
            return (new ChangeLog(_files, _tuning, clock, segment, found.Last, _key, interval, _options.TimeProvider), isLinked);
        }
        catch
        {
            segment.Dispose();
            throw;
        }
    }

    /// <summary>The checkpoint that writers wait for after a crash. One that failed is tried again when the next of them comes.</summary>
    private Task Base()
    {
        lock (_files)
        {
            if (_base is null or { IsFaulted: true })
            {
                _base = _tuning.HasThread
                    ? Task.Factory.StartNew(() => _checkpoints!.Make(isBase: true), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                    : MakeNow();
            }

            return _base;
        }

        Task MakeNow()
        {
            try
            {
                _checkpoints!.Make(isBase: true);
                return Task.CompletedTask;
            }
            catch (Exception error)
            {
                return Task.FromException(error);
            }
        }
    }

    private void Grown()
    {
        if (_tuning.HasThread && !_checkpoints!.IsBusy && _checkpoints.IsDue(_tuning.CheckpointAfterBytes, _state.Bytes))
        {
            MakeInBackground();
        }
    }

    /// <summary>Makes a checkpoint that nobody waits for, unless one is being made or there is nothing new.</summary>
    private void MakeInBackground()
    {
        lock (_files)
        {
            if (!_isClosing && _background.IsCompleted && (_log is not null || _state.LastSequence > _checkpoints!.Sequence))
            {
                _background = Task.Factory.StartNew(Make, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
        }

        void Make()
        {
            try
            {
                _checkpoints!.Make();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                _checkpoints!.Postpone(_tuning.CheckpointAfterBytes / 4);
                TellElsewhere(StoreLogLevel.Warning, "checkpoint", $"A checkpoint could not be made and will be tried again later: {error.Message}");
            }
        }
    }

    /// <summary>
    /// Tells the hook by a thread of the pool. Who leads the log, or makes a checkpoint, is waited for by others: what the hook does must not hold them up, and may
    /// be to close the store.
    /// </summary>
    private void TellElsewhere(StoreLogLevel level, string name, string message)
    {
        if (_options.Log is not null)
        {
            Uninterrupted.Run(() => ThreadPool.UnsafeQueueUserWorkItem(
                static told => told.Options.Tell(told.Level, told.Name, told.Message), (Options: _options, Level: level, Name: name, Message: message), preferLocal: false));
        }
    }

    /// <summary>Nothing may be written to a segment that nothing speaks of yet.</summary>
    private void EnsureBase()
    {
        if (_log is { Base: not null })
        {
            Base().GetAwaiter().GetResult();
            _log.Base = null;
        }
    }

    private void Finish()
    {
        if (_log is { Failure: null, Base: not null } && !TryEnsureBase())
        {
            return;   // nobody could write: what was recovered is still all there is
        }

        if (_log is { Failure: null })
        {
            _log.Close();
            _checkpoints!.Note(_log.DurableSequence);
        }

        if (_log is { Failure: { } failure })
        {
            // Who waits for every flush was told. Who does not, is told now.
            if (_options.Durability == DurabilityMode.Interval && failure.LastDurable < _state.LastSequence)
            {
                throw failure.Error();
            }
        }
        else if (_log is null && _checkpoints is not null && _state.LastSequence > _checkpoints.Sequence)
        {
            _checkpoints.Make();
        }
    }

    private bool TryEnsureBase()
    {
        try
        {
            EnsureBase();
            return true;
        }
        catch (IOException error)
        {
            _options.Tell(StoreLogLevel.Warning, "checkpoint", $"The checkpoint that must follow a crash could not be made: {error.Message}");
            return false;
        }
    }
}
