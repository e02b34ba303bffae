namespace Larder.Changes;

/// <summary>
/// One reader of the stream of changes and the buffer between it and the writers, who never wait for it: when the buffer is full, changes
/// are dropped and the reader finds, at their place in the stream, a <see cref="ChangeKind.Missed"/>.
/// </summary>
internal sealed class Watcher(byte[] prefix)
{
    /// <summary>Some milliseconds of a busy store; a reader further behind than that is better told than waited for.</summary>
    internal const int MostChanges = 4096;

    /// <summary>Bounds what large values can pin: 16 MiB, so that one value of the default limit fits.</summary>
    internal const long MostBytes = 16 * 1024 * 1024;

    private readonly SpinGate _gate = new();
    private readonly Queue<Change> _buffer = new();   // guarded by the gate, as are the four below
    private long _bytes;
    private long _missedUpTo;
    private bool _isClosed;
    private TaskCompletionSource<bool>? _reader;      // who waits until it is worth to look again

    /// <summary>Whether the change concerns a key under the prefix.</summary>
    internal bool Wants(in Change change)
    {
        ReadOnlySpan<byte> key = change.Utf8Key.Span;
        return key.StartsWith(prefix) || (change.Kind == ChangeKind.Clear && prefix.AsSpan().StartsWith(key));
    }

    /// <summary>Whether <see cref="Offer"/> would take the change; one that finds no room is noted as missed. Called inside the store's gate.</summary>
    internal bool HasRoomFor(in Change change)
    {
        using (_gate.Enter())
        {
            if (_isClosed)
            {
                return false;
            }

            bool isFull = _buffer.Count >= MostChanges || (_buffer.Count > 0 && _bytes + SizeOf(change) > MostBytes);
            if (isFull)
            {
                _missedUpTo = change.Sequence;
            }

            return !isFull;
        }
    }

    /// <summary>Takes a change that there is room for. Called inside the store's gate; never waits and runs nobody else's code.</summary>
    internal void Offer(in Change change)
    {
        using (_gate.Enter())
        {
            if (_isClosed)
            {
                return;
            }

            if (_missedUpTo != 0)
            {
                _buffer.Enqueue(new Change(ChangeKind.Missed, _missedUpTo));
                _missedUpTo = 0;
            }

            _buffer.Enqueue(change);
            _bytes += SizeOf(change);
        }

        Wake();
    }

    /// <summary>Notes a change that could not be kept. Called inside the store's gate.</summary>
    internal void Miss(long sequence)
    {
        using (_gate.Enter())
        {
            _missedUpTo = sequence;
        }
    }

    /// <summary>Ends the stream, once its reader has taken what is buffered or at once.</summary>
    internal void Close(bool discards = false)
    {
        using (_gate.Enter())
        {
            _isClosed = true;
            if (discards)
            {
                _buffer.Clear();
                _missedUpTo = 0;
            }
        }

        Wake();
    }

    /// <summary>The next change, if there is one already.</summary>
    internal bool TryTake(out Change change)
    {
        using (_gate.Enter())
        {
            if (_buffer.TryDequeue(out change))
            {
                _bytes -= SizeOf(change);
                return true;
            }

            // Changes are only missed while the buffer is full, so its reader always comes past here afterwards.
            change = new Change(ChangeKind.Missed, _missedUpTo);
            bool missed = _missedUpTo != 0;
            _missedUpTo = 0;
            return missed;
        }
    }

    /// <summary>Waits until it is worth to look again: something came or a token was cancelled. False when nothing will come.</summary>
    internal async ValueTask<bool> WaitAsync(CancellationToken one, CancellationToken other)
    {
        Task<bool> wait;
        using (_gate.Enter())
        {
            if (_isClosed || _buffer.Count > 0 || _missedUpTo != 0)
            {
                return _buffer.Count > 0 || _missedUpTo != 0;
            }

            wait = (_reader ??= new()).Task;
        }

        // Only now, so that a cancellation finds somebody to wake; and only while there is a wait, so that tokens keep no forgotten watcher.
        using (one.UnsafeRegister(static watcher => ((Watcher)watcher!).Wake(), this))
        using (other.UnsafeRegister(static watcher => ((Watcher)watcher!).Wake(), this))
        {
            return await wait.ConfigureAwait(false);
        }
    }

    private static long SizeOf(in Change change) => change.Utf8Key.Length + change.Value.Length;

    private void Wake()
    {
        TaskCompletionSource<bool>? reader;
        using (_gate.Enter())
        {
            reader = _reader;
            _reader = null;
        }

        if (reader is not null)
        {
            Resume(reader);
        }
    }

    /// <summary>
    /// The reader goes on by a thread of the pool. The pool has gates of its own, at which an interrupt of this thread would strike in the middle of
    /// a commit: it is put off until the thread waits for something else.
    /// </summary>
    private static void Resume(TaskCompletionSource<bool> reader)
    {
        bool isQueued = false, isInterrupted = false;
        while (!isQueued)
        {
            try
            {
                isQueued = ThreadPool.UnsafeQueueUserWorkItem(static reader => reader.TrySetResult(true), reader, preferLocal: false);
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        }

        if (isInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }
}
