using System.Runtime.CompilerServices;
using System.Threading.Channels;

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

    private readonly Lock _gate = new();
    private readonly Channel<Change> _buffer = Channel.CreateUnbounded<Change>(new UnboundedChannelOptions { SingleReader = true });
    private int _count;        // guarded by the gate, as are the two below
    private long _bytes;
    private long _missedUpTo;

    /// <summary>Whether the change concerns a key under the prefix.</summary>
    internal bool Wants(in Change change)
    {
        ReadOnlySpan<byte> key = change.Utf8Key.Span;
        return key.StartsWith(prefix) || (change.Kind == ChangeKind.Clear && prefix.AsSpan().StartsWith(key));
    }

    /// <summary>Called inside the store's gate; never waits and runs nobody else's code.</summary>
    internal void Offer(in Change change)
    {
        lock (_gate)
        {
            if (_count >= MostChanges || (_count > 0 && _bytes + SizeOf(change) > MostBytes))
            {
                _missedUpTo = change.Sequence;
                return;
            }

            if (_missedUpTo != 0)
            {
                Enqueue(new Change(ChangeKind.Missed, _missedUpTo));
                _missedUpTo = 0;
            }

            Enqueue(change);
        }
    }

    internal void Close() => _buffer.Writer.TryComplete();

    internal async IAsyncEnumerable<Change> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            while (TryTake(out Change change))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return change;
            }
        }
        while (await _buffer.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false));
    }

    private static long SizeOf(in Change change) => change.Utf8Key.Length + change.Value.Length;

    private void Enqueue(in Change change)
    {
        if (_buffer.Writer.TryWrite(change))
        {
            _count++;
            _bytes += SizeOf(change);
        }
    }

    private bool TryTake(out Change change)
    {
        lock (_gate)
        {
            if (_buffer.Reader.TryRead(out change))
            {
                _count--;
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
}
