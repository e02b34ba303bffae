namespace Larder.NostrMls.Durability;

/// <summary>
/// When the files are freed of what has ended. A removal leaves the old record in the log until a checkpoint replaces it, so erasing writes a checkpoint and removes everything before; calls
/// that wait for it share one. A mark in the store says that it is due, so that a crash between the two is made good at the next opening.
/// </summary>
/// <remarks>
/// Gates: <c>_gate</c> guards the counts and the timer and is taken alone; <c>_erasing</c> lets one erase at a time and is held across I/O, never together with the gate of writers by a thread
/// that waits for the other: a commit takes neither.
/// </remarks>
internal sealed class Erasure : IDisposable
{
    private readonly Store _store;
    private readonly TimeSpan _deletedWithin;
    private readonly TimeSpan _replacedWithin;
    private readonly ITimer _timer;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly Lock _erasing = new();
    private long _noted;     // inside _gate: secrets that have ended, counted by calls
    private long _erased;    // inside _gate: up to which they are erased
    private long _dueAt = long.MaxValue;   // inside _gate: ticks
    private bool _isClosed;

    internal Erasure(Store store, MlsStoreOptions options)
    {
        _store = store;
        _deletedWithin = options.EraseDeletedWithin;
        _replacedWithin = options.EraseReplacedWithin;
        _clock = options.TimeProvider;
        _timer = _clock.CreateTimer(_ => OnTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Adds the mark to the batch that removes. Always: its version tells an erasure that a batch came after it.</summary>
    internal static void Announce(WriteBatch batch) => batch.Set(RecordNames.ErasureIsDue, [1]);

    /// <summary>After a batch that removed: erases at once, or sees to it that it happens in time.</summary>
    internal void Note(bool deletes, bool replaces)
    {
        TimeSpan within = !deletes ? _replacedWithin
            : !replaces || _replacedWithin == Timeout.InfiniteTimeSpan ? _deletedWithin
            : _deletedWithin == Timeout.InfiniteTimeSpan || _replacedWithin < _deletedWithin ? _replacedWithin
            : _deletedWithin;
        if (!deletes && !replaces)
        {
            return;
        }

        lock (_gate)
        {
            _noted++;
            if (within > TimeSpan.Zero)
            {
                Schedule(within);
            }
        }

        if (within == TimeSpan.Zero)
        {
            Now();
        }
    }

    /// <summary>At the opening: the mark says that a crash came between.</summary>
    internal void Resume()
    {
        if (_store.TryGet(RecordNames.ErasureIsDue, out _))
        {
            lock (_gate)
            {
                _noted++;
            }

            Now();
        }
    }

    /// <summary>Erases everything that has been noted so far; nothing when somebody else just did.</summary>
    internal void Now()
    {
        long wanted;
        lock (_gate)
        {
            wanted = _noted;
        }

        lock (_erasing)
        {
            long upTo;
            lock (_gate)
            {
                if (_erased >= wanted)
                {
                    return;
                }

                upTo = _noted;
            }

            bool isMarked = _store.TryGet(RecordNames.ErasureIsDue, out Entry mark);
            _store.Erase(RecordNames.Nothing);
            lock (_gate)
            {
                _erased = upTo;
                _dueAt = _noted == upTo ? long.MaxValue : _dueAt;
            }

            if (isMarked)
            {
                _store.Remove(RecordNames.ErasureIsDue, mark.Version);   // unless a batch came between
            }
        }
    }

    /// <summary>Erases what is due before the store is closed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
        }

        _timer.Dispose();
        if (Noted > Erased)
        {
            Now();
        }
    }

    private long Noted
    {
        get
        {
            lock (_gate)
            {
                return _noted;
            }
        }
    }

    private long Erased
    {
        get
        {
            lock (_gate)
            {
                return _erased;
            }
        }
    }

    private void Schedule(TimeSpan within)
    {
        long dueAt = within == Timeout.InfiniteTimeSpan ? long.MaxValue : _clock.GetUtcNow().UtcTicks + within.Ticks;
        if (dueAt < _dueAt && !_isClosed)
        {
            _dueAt = dueAt;
            _timer.Change(within, Timeout.InfiniteTimeSpan);
        }
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1031", Justification = "Nobody waits here; what failed is tried again when the next secret ends, or at the close, and fails there for somebody.")]
    private void OnTime()
    {
        try
        {
            lock (_gate)
            {
                _dueAt = long.MaxValue;
                if (_isClosed)
                {
                    return;
                }
            }

            Now();
        }
        catch (Exception)
        {
        }
    }
}
