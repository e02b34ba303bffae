namespace Larder;

/// <summary>The one way in which everything says that the store is closed.</summary>
internal static class Closed
{
    internal static ObjectDisposedException Error() => new("Store", "store is closed");

    /// <summary>A stream that says so when it is first asked, and not when its enumeration begins.</summary>
    internal static async IAsyncEnumerable<T> Stream<T>()
    {
        await Task.FromException(Error()).ConfigureAwait(false);
        yield break;
    }
}
