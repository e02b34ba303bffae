namespace Larder;

/// <summary>What a store does when a write would exceed its bound. What has expired never counts.</summary>
public enum WhenFull
{
    /// <summary>The write is refused with <see cref="StoreFullException"/> and nothing changes.</summary>
    Refuse = 0,

    /// <summary>Other entries are evicted until the new one fits; the newcomer is kept.</summary>
    Evict = 1,
}
