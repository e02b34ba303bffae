using System.Collections;
using Larder.Indexing;

namespace Larder.Engine;

/// <summary>A scan that may be enumerated, both ways, as often as wanted: each enumeration is a point in time of its own.</summary>
internal sealed class ScanEnumerable(MemoryEngine engine, KeyRange range, int limit, bool reverse, CancellationToken cancellationToken)
    : IEnumerable<Entry>, IAsyncEnumerable<Entry>
{
    public IEnumerator<Entry> GetEnumerator() => new Enumerator(engine, engine.OpenScan(range, reverse), limit, default, default);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public IAsyncEnumerator<Entry> GetAsyncEnumerator(CancellationToken enumerationToken = default)
    {
        try
        {
            return new Enumerator(engine, engine.OpenScan(range, reverse), limit, cancellationToken, enumerationToken);
        }
        catch (ObjectDisposedException)
        {
            return Closed.Stream<Entry>().GetAsyncEnumerator(CancellationToken.None);
        }
    }

    private sealed class Enumerator(MemoryEngine engine, SnapshotScan scan, int limit, CancellationToken token, CancellationToken enumerationToken)
        : IEnumerator<Entry>, IAsyncEnumerator<Entry>
    {
        private Entry _current;
        private int _left = limit;

        public Entry Current => _current;

        object IEnumerator.Current => _current;

        public bool MoveNext()
        {
            if (_left == 0)
            {
                scan.Dispose();
                return false;
            }

            _left--;
            return scan.Next(out _current);
        }

        public ValueTask<bool> MoveNextAsync()
        {
            if (engine.IsClosed)
            {
                return ValueTask.FromException<bool>(Closed.Error());
            }

            if (token.IsCancellationRequested || enumerationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<bool>(token.IsCancellationRequested ? token : enumerationToken);
            }

            try
            {
                return new(MoveNext());
            }
            catch (ObjectDisposedException closed)
            {
                return ValueTask.FromException<bool>(closed);
            }
        }

        public void Dispose() => scan.Dispose();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        public void Reset() => throw new NotSupportedException("a scan cannot be wound back: enumerate it again.");
    }
}
