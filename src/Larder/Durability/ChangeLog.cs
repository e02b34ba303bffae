using Larder.Changes;
using Larder.Primitives;

namespace Larder.Durability;

/// <summary>
/// The log of a store: takes commits in their order, writes them to the newest segment, and lets those who wait share flushes.
/// </summary>
/// <remarks>
/// <para><b>Group commit.</b> Commits are encoded into a buffer in memory. Whoever needs them on stable storage and finds nobody leading, leads:
/// it takes the buffer and the group of those who wait for it, leaves an empty one, writes, flushes once, and lets the group go. Those who
/// came meanwhile are the next group; one of its sleepers is woken to lead it, or the thread of the log does when only tasks
/// wait. There is no timer and no delay in this: a group is what arrived while the one before was being flushed.</para>
/// <para><b>The gate</b> guards the buffers, the groups, who leads, and the accounts of space. It is taken inside the store's gate and inside
/// nothing else; no I/O happens in it. Everything that touches the segment, except allocating, is done by the leader, outside.</para>
/// <para><b>Space.</b> What is reserved, buffered and written never reaches beyond what is allocated in the segment, so that a full disk is met
/// before a change is applied. Evictions and expirations, for which nobody can wait, come out of a margin.</para>
/// <para><b>Failure.</b> When writing or flushing fails, the outcome of what was in hand is unknown, and the kernel may have thrown it away and call the
/// next flush a success. So nothing is tried again: the log is poisoned, everybody who waits or comes is told, and what was not written yet never will be.</para>
/// </remarks>
internal sealed class ChangeLog : IChangeLog, IDisposable
{
    /// <summary>What a record takes besides what its changes take.</summary>
    private const int RecordOverhead = Frame.HeaderSize + Frame.TagSize + 8;

    private readonly Gate _gate = new();
    private readonly Gate _space = new();   // one thread at a time allocates or exchanges the segment; taken before the other gate
    private readonly IFiles _files;
    private readonly LogTuning _tuning;
    private readonly MonotonicClock _clock;
    private readonly Guid _storeId;
    private readonly byte[]? _key;
    private readonly bool _commits;         // whether a commit waits for its flush
    private readonly LogThread? _thread;
    private readonly int _usualBuffer;

    private Segment _segment;               // exchanged by the leader inside both gates
    private Segment? _successor;            // begun, and about to take the place of the segment; set by the leader inside both gates
    private AppendBuffer _buffer;
    private AppendBuffer _spare;
    private readonly Berth[] _berths = [new(), new(), new(), new()];   // one after the other: at most two are in use, and two more may not be deserted yet
    private readonly Group _lost;           // stands in for the next one when nothing is written any more
    private Group _next;
    private int _groups;
    private Group? _flying;
    private bool _isLed;
    private bool _isArmed;                  // the interval has begun, and will end in a flush of what is there then
    private bool _isClosed;                 // whoever closes it leads for ever
    private long _reserved;
    private long _claimed;                  // in the segment: the end of what was written or is being written
    private long _appended;                 // sequences: in the buffer or beyond,
    private long _taken;                    // in the hands of a leader or beyond,
    private long _written;                  // in the hands of the operating system,
    private long _durable;                  // on stable storage
    private long _sealedBytes;              // of earlier segments, since this log was opened
    private long _rotateAt;                 // the leader's: how far the segment may grow
    private LogFailure? _failure;
    private readonly LogFailure _noMemory;  // made while there is some

    /// <param name="files">Where.</param>
    /// <param name="tuning">Sizes.</param>
    /// <param name="clock">The store's clock.</param>
    /// <param name="segment">The segment to write to, durable and empty.</param>
    /// <param name="last">The last commit before it.</param>
    /// <param name="key">The key of an encrypted store.</param>
    /// <param name="flushInterval">How often to flush; null when every commit waits for its flush.</param>
    /// <param name="provider">Makes the timer.</param>
    internal ChangeLog(IFiles files, LogTuning tuning, MonotonicClock clock, Segment segment, long last, byte[]? key, TimeSpan? flushInterval, TimeProvider provider)
    {
        _files = files;
        _tuning = tuning;
        _clock = clock;
        _segment = segment;
        _storeId = segment.Header.StoreId;
        _key = key;
        _commits = flushInterval is null;
        _noMemory = new LogFailure("there was no memory for the log", last, new InsufficientMemoryException());
        _claimed = segment.Position;
        _appended = _taken = _written = _durable = last;
        _usualBuffer = (int)Math.Min(_tuning.DrainBytes, _tuning.PendingBytes) + tuning.MarginBytes;
        _buffer = new AppendBuffer(tuning.NewBuffer, _usualBuffer);
        _spare = new AppendBuffer(tuning.NewBuffer, _usualBuffer);
        _rotateAt = tuning.SegmentBytes;
        _lost = new Group(_berths[0]);
        _next = new Group(_berths[0]);
        _thread = tuning.HasThread ? new LogThread(Work, provider, flushInterval ?? TimeSpan.FromSeconds(1)) : null;
    }

    /// <summary>Called, by whoever happened to write, when the log has grown; and when it has failed. Must not block or throw.</summary>
    internal Action? Grown { get; set; }

    internal Action<LogFailure>? Failed { get; set; }

    internal long DurableSequence => Volatile.Read(ref _durable);

    internal LogFailure? Failure => Volatile.Read(ref _failure);

    /// <summary>The number of the segment that is being written.</summary>
    internal long SegmentNumber => _segment.Header.Number;

    /// <summary>Bytes written since the log was opened.</summary>
    internal long Bytes => Volatile.Read(ref _sealedBytes) + Volatile.Read(ref _claimed);

    /// <summary>
    /// Lets writers, and the leader, wait for something that must be durable before the first of them is acknowledged. Set before the store is in
    /// use.
    /// </summary>
    internal Func<Task>? Base { get; set; }

    public ValueTask ReserveAsync(long bytes, CancellationToken cancellationToken)
    {
        long needed = bytes + RecordOverhead;
        using (_gate.Enter())
        {
            if (Base is null && TryReserveLocked(needed))
            {
                return ValueTask.CompletedTask;
            }
        }

        return ReserveLaterAsync(needed, cancellationToken);
    }

    public void Release(long bytes)
    {
        using (_gate.Enter())
        {
            _reserved -= bytes + RecordOverhead;
        }
    }

    public void Append(ReadOnlySpan<Change> changes)
    {
        long sequence = changes[0].Sequence;
        long payload = 0;
        foreach (ref readonly Change change in changes)
        {
            payload += ChangeCodec.SizeOf(change, sequence);
        }

        using (_gate.Enter())
        {
            if (_failure is null)
            {
                AppendLocked(changes, sequence, payload + (_key is null ? 0 : Frame.TagSize));
            }

            _appended = sequence;
            if (_thread is not null && !_isArmed)
            {
                _isArmed = true;
                _thread.Ask(LogWork.Arm);
            }
        }
    }

    public void Wait(long sequence)
    {
        if (_commits)
        {
            WaitForFlush(sequence);
        }
        else if (sequence > Volatile.Read(ref _durable))
        {
            ThrowIfFailed();   // it was not even queued
        }
    }

    public ValueTask WaitAsync(long sequence, CancellationToken cancellationToken)
    {
        if (_commits)
        {
            return WaitForFlushAsync(sequence, cancellationToken);
        }

        return _failure is { } failure && sequence > Volatile.Read(ref _durable) ? ValueTask.FromException(failure.Error()) : ValueTask.CompletedTask;
    }

    /// <summary>Returns when everything up to this commit is on stable storage, in every mode.</summary>
    /// <exception cref="StorePoisonedException">That is not known, and never will be.</exception>
    internal void WaitForFlush(long sequence)
    {
        if (Volatile.Read(ref _durable) >= sequence)
        {
            return;
        }

        Group group;
        bool leads;
        using (_gate.Enter())
        {
            if (IsSettledLocked(sequence))
            {
                return;
            }

            group = JoinLocked(sequence, flushes: true, out leads);
            group.Sleepers += leads ? 0 : 1;
        }

        if (leads || group.Sleep())
        {
            Lead();
        }

        group.ThrowIfFailed();
    }

    /// <inheritdoc cref="WaitForFlush"/>
    internal ValueTask WaitForFlushAsync(long sequence, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _durable) >= sequence)
        {
            return ValueTask.CompletedTask;
        }

        Group group;
        Task task;
        bool leads;
        using (_gate.Enter())
        {
            try
            {
                if (IsSettledLocked(sequence))
                {
                    return ValueTask.CompletedTask;
                }
            }
            catch (StorePoisonedException error)
            {
                return ValueTask.FromException(error);
            }

            group = JoinLocked(sequence, flushes: true, out leads);
            task = group.CompletionLocked();
        }

        if (leads)
        {
            LeadElsewhere();
        }

        return new ValueTask(cancellationToken.CanBeCanceled ? task.WaitAsync(cancellationToken) : task);
    }

    /// <summary>
    /// Seals the segment, unless it is empty, so that the next commit goes into a new one. Returns the number of the first segment that may hold
    /// commits behind <see cref="DurableSequence"/>.
    /// </summary>
    /// <exception cref="IOException">There is no room for another segment; everything is as it was.</exception>
    internal long Rotate()
    {
        TakeLead();
        try
        {
            ThrowIfFailed();
            if (!_segment.IsEmpty)
            {
                Rotate(throws: true);
            }

            return _segment.Header.Number;
        }
        finally
        {
            PassOnAndLead();
        }
    }

    /// <summary>Flushes what there is, says in the log that the store was closed, and takes no more. Not for a poisoned log.</summary>
    internal void Close()
    {
        TakeLead();
        _thread?.Dispose();   // not before: it may have been asked to lead
        using (_gate.Enter())
        {
            _isClosed = true;
            _next.WantsFlush = true;   // who comes late with a commit finds the group in flight
        }

        Write(TakeGroup(), closes: true);
    }

    public void Dispose()
    {
        _thread?.Dispose();
        _segment.Dispose();
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw failure.Error();
        }
    }

    // ---- room

    private bool TryReserveLocked(long needed)
    {
        ThrowIfFailed();
        if (_isClosed)
        {
            throw Closed.Error();
        }

        long pending = _buffer.Length + _reserved;
        if ((pending > 0 && pending + needed > _tuning.PendingBytes)
            || pending + needed + _tuning.MarginBytes > _buffer.Capacity
            || !FitsLocked(pending + needed))
        {
            return false;
        }

        if (_buffer.Length > _tuning.DrainBytes && !_isLed)
        {
            _thread?.Ask(LogWork.Drain);
        }

        _reserved += needed;
        return true;
    }

    private async ValueTask ReserveLaterAsync(long needed, CancellationToken cancellationToken)
    {
        if (needed > Frame.MostPayload)
        {
            throw new StoreLimitException("the longest record of the log", Frame.MostPayload, needed, "bytes");
        }

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Base is { } ready)
            {
                await ready().WaitAsync(cancellationToken).ConfigureAwait(false);
                Base = null;
            }

            Task? drained = null;
            bool leads = false;
            using (_gate.Enter())
            {
                if (TryReserveLocked(needed))
                {
                    return;
                }

                long pending = _buffer.Length + _reserved;
                if (pending > 0 && pending + needed > _tuning.PendingBytes)
                {
                    Group group = JoinLocked(_appended, flushes: _commits, out leads);
                    drained = group.CompletionLocked();
                }
            }

            if (leads)
            {
                Lead();
            }
            else if (drained is not null)
            {
                await drained.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                MakeRoom(needed);
            }
        }
    }

    /// <summary>Allocates memory and disk for what is about to be reserved.</summary>
    /// <exception cref="DiskFullException">There is none; nothing has changed.</exception>
    private void MakeRoom(long needed)
    {
        using (_space.Enter())
        {
            long end;
            long endOfSuccessor;
            using (_gate.Enter())
            {
                long pending = _buffer.Length + _reserved + needed + _tuning.MarginBytes;
                _buffer.Reserve(pending);
                end = _claimed + pending;
                endOfSuccessor = (_successor?.Position ?? 0) + pending;
            }

            // In growing steps, so that a small store stays small and a busy one seldom comes here.
            long step = Math.Clamp(_segment.Allocated, _tuning.AllocateBytes, Math.Max(_tuning.AllocateBytes, _tuning.SegmentBytes / 4));
            Grow(_segment, end, Math.Max(end, _segment.Allocated + step));
            if (_successor is { } successor)
            {
                Grow(successor, endOfSuccessor, Math.Max(endOfSuccessor, successor.Allocated + _tuning.AllocateBytes));
            }
        }
    }

    /// <summary>Makes sure of space in a segment. The caller is inside the gate of space.</summary>
    private void Grow(Segment segment, long needed, long wanted)
    {
        if (needed > segment.Allocated)
        {
            long allocated = segment.Allocate(needed, wanted);
            using (_gate.Enter())
            {
                segment.Allocated = allocated;
            }
        }
    }

    /// <summary>Whether there is space for these bytes and the margin: in the segment, and in the one that is about to take its place.</summary>
    private bool FitsLocked(long pending) =>
        _claimed + pending + _tuning.MarginBytes <= _segment.Allocated
        && (_successor is not { } successor || successor.Position + pending + _tuning.MarginBytes <= successor.Allocated);

    // ---- commits

    private void AppendLocked(ReadOnlySpan<Change> changes, long sequence, long payload)
    {
        try
        {
            Span<byte> frame = _buffer.Take(Frame.SizeOf((int)Math.Min(payload, Frame.MostPayload + _tuning.MarginBytes)));
            Frame.Begin(frame, FrameKind.Commit, sequence, (int)payload);
            Span<byte> place = frame[Frame.HeaderSize..];
            foreach (ref readonly Change change in changes)
            {
                place = place[ChangeCodec.Write(place, change, sequence)..];
            }
        }
        catch (Exception error) when (error is OutOfMemoryException or ArgumentException)
        {
            // Only what was not reserved can come here. The change is applied and cannot be logged: the log must not go on without it.
            _failure = error is OutOfMemoryException ? _noMemory : new LogFailure("too much was evicted or expired at once", _durable, error);
        }
    }

    /// <summary>Whether a commit is on stable storage already.</summary>
    private bool IsSettledLocked(long sequence)
    {
        if (_durable >= sequence)
        {
            return true;
        }

        ThrowIfFailed();
        return false;
    }

    /// <summary>The group that a commit will be written with; whether the caller has to lead it.</summary>
    private Group JoinLocked(long sequence, bool flushes, out bool leads)
    {
        leads = false;
        if (_flying is { WantsFlush: true } flying && sequence <= _taken)
        {
            return flying;
        }

        leads = !_isLed;
        _isLed = true;
        _next.WantsFlush |= flushes;
        return _next;
    }

    // ---- the leader

    /// <summary>Waits until this thread leads; it must write a group or pass the lead on.</summary>
    private void TakeLead()
    {
        while (true)
        {
            Group group;
            using (_gate.Enter())
            {
                if (_isClosed)
                {
                    throw Closed.Error();
                }

                if (!_isLed)
                {
                    _isLed = true;
                    return;
                }

                group = _next;
                group.Sleepers++;
            }

            if (group.Sleep())
            {
                using (_gate.Enter())
                {
                    group.Sleepers--;   // it leads, and may pass the lead on to those who still sleep
                }

                return;
            }
        }
    }

    /// <summary>What the thread of the log does.</summary>
    private void Work(LogWork work)
    {
        if ((work & LogWork.Arm) != 0)
        {
            _thread!.Arm();
        }

        if ((work & LogWork.Lead) == 0)
        {
            using (_gate.Enter())
            {
                _isArmed &= (work & LogWork.Flush) == 0;
                if ((work & ~LogWork.Arm) == 0 || Base is not null || _failure is not null || (_buffer.Length == 0 && _written == _durable))
                {
                    return;
                }

                if (_isLed)
                {
                    _next.WantsFlush |= (work & LogWork.Flush) != 0;   // whoever leads sees to it
                    return;
                }

                _isLed = true;
            }

            if (!HasRoom())
            {
                PassOnAndLead();   // what nobody waits for can wait until there is space again
                return;
            }

            using (_gate.Enter())
            {
                _next.WantsFlush |= (work & LogWork.Flush) != 0;
            }
        }

        Lead();
    }

    /// <summary>Whether what has gathered fits, or there is space for it: expirations and evictions reserve none.</summary>
    private bool HasRoom()
    {
        try
        {
            MakeRoom(0);
            return true;
        }
        catch (DiskFullException)
        {
            return false;
        }
    }

    /// <summary>The caller leads, but must not block.</summary>
    private void LeadElsewhere()
    {
        if (_thread is not null)
        {
            _thread.Ask(LogWork.Lead);
        }
        else
        {
            Lead();
        }
    }

    /// <summary>Writes and flushes the group that gathers now, and passes the lead on. The caller leads.</summary>
    private void Lead()
    {
        do
        {
            try
            {
                if (_failure is null && _segment.Position >= _rotateAt)
                {
                    Rotate(throws: false);
                }

                Write(TakeGroup(), closes: false);
            }
            catch (Exception error)
            {
                Fail("writing the log failed", error);
            }
        }
        while (PassOn());

        try
        {
            Grown?.Invoke();
        }
        catch (OutOfMemoryException)
        {
            // No reason to fail a commit that took place; it is called again.
        }
    }

    /// <summary>Ends this thread's lead. True when it must lead on, because tasks wait and nobody else could do it.</summary>
    private bool PassOn()
    {
        Group? lost = null;
        using (_gate.Enter())
        {
            if (_failure is not null)
            {
                lost = _next;
                _next = _lost;
                _isLed = false;
            }
            else if (_next.Sleepers > 0)
            {
                _next.PromoteLocked();
            }
            else if (!_next.IsAwaited && !_next.WantsFlush)
            {
                _isLed = false;
            }
            else if (_thread is not null)
            {
                _thread.Ask(LogWork.Lead);
            }
            else
            {
                return true;
            }
        }

        lost?.Finish(_failure);
        return false;
    }

    private void PassOnAndLead()
    {
        if (PassOn())
        {
            Lead();
        }
    }

    /// <summary>Takes what has gathered, and leaves an empty buffer with room for everything that is reserved.</summary>
    private Group TakeGroup()
    {
        var fresh = new Group(_berths[++_groups % _berths.Length]);
        for (long room = 0; ;)
        {
            _spare.Reserve(room);
            using (_gate.Enter())
            {
                room = _reserved + _tuning.MarginBytes;
                if (_spare.Capacity < room)
                {
                    continue;
                }

                Group group = _next;
                _next = fresh;
                _flying = group;
                (_buffer, _spare) = (_spare, _buffer);
                _taken = _appended;
                _claimed = _segment.Position + _spare.Length + AppendBuffer.Margin;
                return group;
            }
        }
    }

    private void Write(Group group, bool closes)
    {
        LogFailure? failure = _failure;
        try
        {
            if (failure is null)
            {
                WriteTaken(group.WantsFlush);
                if (closes)
                {
                    _segment.WriteClose(_durable, _durable, _clock.Now);
                    _segment.Trim();
                    _segment.Sync();
                }
            }
        }
        catch (Exception error)
        {
            failure = Fail("writing the log failed", error);
        }

        using (_gate.Enter())
        {
            _claimed = _segment.Position;
            _flying = null;
        }

        group.Finish(failure);
    }

    private void WriteTaken(bool flushes)
    {
        MakeRoomForTaken();
        _segment.Write(_spare, _durable, _clock.Now);
        _spare.Clear(_usualBuffer);
        _written = _taken;
        if (flushes)
        {
            Flush();
        }
    }

    /// <summary>
    /// Evictions and expirations may have overdrawn what was reserved. A file never becomes longer by being written: someone who allocates at the same time,
    /// and finds the disk full, cuts off what the file had become longer by.
    /// </summary>
    private void MakeRoomForTaken()
    {
        long end = _segment.Position + _spare.Length + AppendBuffer.Margin;
        bool fits;
        using (_gate.Enter())
        {
            fits = end <= _segment.Allocated;
        }

        if (!fits)
        {
            using (_space.Enter())
            {
                Grow(_segment, end, end);
            }
        }
    }

    private void Flush()
    {
        if (_written > _durable)
        {
            _segment.Sync();
            Volatile.Write(ref _durable, _written);
        }
    }

    /// <summary>Seals the segment and goes on in a new one, which exists durably before anything says so.</summary>
    private void Rotate(bool throws)
    {
        Segment next;
        try
        {
            next = BeginSuccessor();
        }
        catch (IOException) when (!throws)
        {
            _rotateAt = _segment.Position + Math.Max(1, _tuning.SegmentBytes / 4);   // this one is still good, and has the space that was promised
            return;
        }

        try
        {
            next.Settle(_files);
            Flush();
            _segment.WriteEnd(_written, _durable, next.Header.Number);
            _segment.Trim();
            _segment.Sync();
            Exchange(next);
        }
        catch (Exception error)
        {
            throw Fail("sealing a segment of the log failed", error).Error();
        }
    }

    /// <summary>Begins the next segment. From here on nothing is reserved that has no space there as well, so that exchanging the two cannot fail for want of it.</summary>
    private Segment BeginSuccessor()
    {
        using (_space.Enter())
        {
            Segment next = Segment.Create(_files, NextHeader(), _key, PendingBytes(), _tuning.AllocateBytes);
            try
            {
                while (!TryAnnounce(next))
                {
                    long needed = next.Position + PendingBytes();   // more was reserved meanwhile
                    Grow(next, needed, needed);
                }

                return next;
            }
            catch
            {
                next.Abandon(_files);
                throw;
            }
        }
    }

    private bool TryAnnounce(Segment next)
    {
        using (_gate.Enter())
        {
            bool fits = next.Position + _buffer.Length + _reserved + _tuning.MarginBytes <= next.Allocated;
            _successor = fits ? next : null;
            return fits;
        }
    }

    private void Exchange(Segment next)
    {
        Segment old;
        using (_space.Enter())
        {
            using (_gate.Enter())
            {
                old = _segment;
                _segment = next;
                _successor = null;
                _claimed = next.Position;
                _sealedBytes += old.Position;
            }
        }

        _rotateAt = _tuning.SegmentBytes;
        old.Dispose();
    }

    private long PendingBytes()
    {
        using (_gate.Enter())
        {
            return _buffer.Length + _reserved + (2 * _tuning.MarginBytes);
        }
    }

    private FileHeader NextHeader() => new()
    {
        Kind = FileKind.Segment,
        StoreId = _storeId,
        Number = _segment.Header.Number + 1,
        FirstSequence = _written + 1,
        Salt = FileHeader.NewSalt(),
        Created = _clock.Now,
        IsEncrypted = _key is not null,
    };

    private LogFailure Fail(string what, Exception error)
    {
        LogFailure failure;
        bool isFirst;
        using (_gate.Enter())
        {
            isFirst = _failure is null;
            failure = _failure ??= error is OutOfMemoryException ? _noMemory : new LogFailure($"{what}: {error.Message.TrimEnd('.')}", _durable, error);
        }

        if (isFirst)
        {
            try
            {
                Failed?.Invoke(failure);
            }
            catch (OutOfMemoryException)
            {
            }
        }

        return failure;
    }
}
