using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Larder.Primitives;

namespace Larder.Engine;

/// <summary>
/// What makes the keys of a cache equal, and their hashes, under a secret seed. Strings, integers and GUIDs are hashed whole, so that nobody can choose keys that
/// collide; of other types the hash code is mixed with the seed.
/// </summary>
/// <remarks>A class, not a structure: code that reference types share would look its exact type up at every call.</remarks>
internal sealed class CacheKeys<TKey>
    where TKey : notnull
{
    private readonly KeyedHash _hash = KeyedHash.Random();
    private readonly IEqualityComparer<TKey>? _comparer;
    private readonly bool _areStrings;   // a field is quicker to ask than the type, in code that reference types share

    internal CacheKeys(IEqualityComparer<TKey>? comparer)
    {
        _comparer = comparer == EqualityComparer<TKey>.Default ? null : comparer;
        _areStrings = typeof(TKey) == typeof(string) && (_comparer is null || comparer == (object)StringComparer.Ordinal);
        if (!typeof(TKey).IsValueType && !_areStrings)
        {
            _comparer ??= EqualityComparer<TKey>.Default;
        }
        else if (_areStrings)
        {
            _comparer = null;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint HashOf(TKey key)
    {
        if (!typeof(TKey).IsValueType)
        {
            return _areStrings ? _hash.Of(Bytes(Unsafe.As<TKey, string>(ref key))) : _hash.Of((ulong)(uint)_comparer!.GetHashCode(key));
        }

        if (_comparer is not null)
        {
            return _hash.Of((ulong)(uint)_comparer.GetHashCode(key));
        }

        if (typeof(TKey) == typeof(long) || typeof(TKey) == typeof(ulong))
        {
            return _hash.Of(Unsafe.As<TKey, ulong>(ref key));
        }

        return typeof(TKey) == typeof(Guid) || typeof(TKey) == typeof(Int128) || typeof(TKey) == typeof(UInt128)
            ? _hash.Of(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<TKey, byte>(ref key), Unsafe.SizeOf<TKey>()))
            : _hash.Of((ulong)(uint)key.GetHashCode());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool AreEqual(TKey one, TKey other) =>
        !typeof(TKey).IsValueType
            ? _areStrings ? string.Equals(Unsafe.As<TKey, string>(ref one), Unsafe.As<TKey, string>(ref other)) : _comparer!.Equals(one, other)
            : _comparer is null ? EqualityComparer<TKey>.Default.Equals(one, other) : _comparer.Equals(one, other);

    /// <summary>The characters of a string as they lie in memory; twice the length of a string is no overflow.</summary>
    private static ReadOnlySpan<byte> Bytes(string text) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<char, byte>(ref Unsafe.AsRef(in text.GetPinnableReference())), text.Length * 2);
}
