namespace Larder;

/// <summary>The one way in which everything says that the store is closed.</summary>
internal static class Closed
{
    internal static ObjectDisposedException Error() => new("Store", "store is closed");
}
