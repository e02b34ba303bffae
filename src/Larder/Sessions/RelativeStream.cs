namespace Larder.Sessions;

/// <summary>A stream with relative keys. It begins when the one beneath it does.</summary>
internal sealed class RelativeStream<T>(IAsyncEnumerable<T> stream, Relative<T> relative) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(stream.GetAsyncEnumerator(cancellationToken), relative);

    private sealed class Enumerator(IAsyncEnumerator<T> items, Relative<T> relative) : IAsyncEnumerator<T>
    {
        private T _current = default!;

        public T Current => _current;

        public async ValueTask<bool> MoveNextAsync()
        {
            while (await items.MoveNextAsync().ConfigureAwait(false))
            {
                if (relative(items.Current, out _current))
                {
                    return true;
                }
            }

            return false;
        }

        public ValueTask DisposeAsync() => items.DisposeAsync();
    }
}
