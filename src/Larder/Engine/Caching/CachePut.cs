using Larder.Locks;

namespace Larder.Engine;

/// <summary>A value on its way into a cache, with everything about it that is the caller's code to say.</summary>
internal readonly record struct CachePut<TKey, TValue>(
    TKey Key, TValue Value, uint Hash, long Weight, Expiry Expiry, bool OnlyIfAbsent, Flight<TKey, TValue>? Flight);
