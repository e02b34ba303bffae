using System.Diagnostics.CodeAnalysis;

namespace Larder.Comparisons.Peers.Caches;

/// <summary>One cache of objects under test; a struct for the reason <see cref="IPeer{TSelf}"/> tells.</summary>
internal interface ICachePeer<TSelf, TKey> : IDisposable
    where TSelf : struct, ICachePeer<TSelf, TKey>
    where TKey : notnull
{
    /// <summary>The name in tables.</summary>
    static abstract string Name { get; }

    /// <summary>An empty cache of this capacity.</summary>
    static abstract TSelf Create(int capacity);

    bool TryGet(TKey key, [MaybeNullWhen(false)] out Cached value);

    void Set(TKey key, Cached value);

    /// <summary>Sets for <see cref="Lifetime"/>; a peer whose cache has one lifetime for all was made with that.</summary>
    void SetFor(TKey key, Cached value) => throw new NotSupportedException();

    Cached GetOrAdd(TKey key, Func<TKey, Cached> make);

    /// <summary>How long an entry lives that is set for a time.</summary>
    static TimeSpan Lifetime => TimeSpan.FromMinutes(10);
}
