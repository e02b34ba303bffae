namespace Larder.Tests.Concurrency.Caches;

/// <summary>
/// Compares strings and pauses now and then: inside the cache, that is the middle of an operation. It also gives few hash codes, so that keys
/// which have nothing to do with each other stand together.
/// </summary>
internal sealed class RestlessComparer : IEqualityComparer<string>
{
    public bool Equals(string? x, string? y)
    {
        Perturbation.Pause();
        return x == y;
    }

    public int GetHashCode(string key)
    {
        Perturbation.Pause();
        return key[^1] & 3;
    }
}
