using System.Collections;

namespace Larder.Sessions;

/// <summary>A scan with relative keys. Its point in time is that of the scan beneath: the moment at which the enumeration begins.</summary>
internal sealed class RelativeScan(IEnumerable<Entry> scan, int prefixBytes) : IEnumerable<Entry>
{
    public IEnumerator<Entry> GetEnumerator() => Walk(scan.GetEnumerator());

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerator<Entry> Walk(IEnumerator<Entry> entries)
    {
        using (entries)
        {
            while (entries.MoveNext())
            {
                if (entries.Current.Utf8Key.Length > prefixBytes)
                {
                    yield return entries.Current.WithoutPrefix(prefixBytes);
                }
            }
        }
    }
}

/// <summary>Streams with relative keys.</summary>
internal static class RelativeStream
{
    internal static RelativeStream<Entry> Of(IAsyncEnumerable<Entry> scan, int prefixBytes) =>
        new(scan, (in Entry entry, out Entry relative) =>
        {
            relative = entry.Utf8Key.Length > prefixBytes ? entry.WithoutPrefix(prefixBytes) : default;
            return entry.Utf8Key.Length > prefixBytes;
        });

    /// <summary>What is cleared or missed concerns the scope whatever key it names.</summary>
    internal static RelativeStream<Change> Of(IAsyncEnumerable<Change> changes, int prefixBytes) =>
        new(changes, (in Change change, out Change relative) =>
        {
            relative = change.WithoutPrefix(prefixBytes);
            return change.Utf8Key.Length > prefixBytes || change.Kind is ChangeKind.Clear or ChangeKind.Missed;
        });
}

/// <summary>A stream that begins when the one beneath it does and lets some of it through.</summary>
internal sealed class RelativeStream<T>(IAsyncEnumerable<T> source, RelativeStream<T>.Selector select) : IAsyncEnumerable<T>
{
    internal delegate bool Selector(in T item, out T relative);

    internal static async IAsyncEnumerable<T> Refused()
    {
        await Task.FromException(Closed.Error()).ConfigureAwait(false);
        yield break;
    }

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(source.GetAsyncEnumerator(cancellationToken), select);

    private sealed class Enumerator(IAsyncEnumerator<T> items, Selector select) : IAsyncEnumerator<T>
    {
        private T _current = default!;

        public T Current => _current;

        public async ValueTask<bool> MoveNextAsync()
        {
            while (await items.MoveNextAsync().ConfigureAwait(false))
            {
                if (select(items.Current, out _current))
                {
                    return true;
                }
            }

            return false;
        }

        public ValueTask DisposeAsync() => items.DisposeAsync();
    }
}
