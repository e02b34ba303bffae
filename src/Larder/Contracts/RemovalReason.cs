namespace Larder;

/// <summary>Why a value left a <see cref="Cache{TKey, TValue}"/>.</summary>
public enum RemovalReason
{
    /// <summary>The bound drove it out.</summary>
    Evicted,

    /// <summary>Its time ran out.</summary>
    Expired,

    /// <summary>A caller removed it.</summary>
    Removed,

    /// <summary>Another value was set under the same key.</summary>
    Replaced,

    /// <summary>Everything was cleared, or the cache was disposed.</summary>
    Cleared,
}
