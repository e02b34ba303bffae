using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Larder;

/// <summary>A bounded cache of objects.</summary>
[DebuggerDisplay("Count = {Count}, Capacity = {Capacity}")]
public sealed class Cache<TKey, TValue> : IDisposable
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, TValue> _entries;
    private readonly Queue<TKey> _order = new();
    private int _capacity;
    private long _hits;
    private long _misses;
    private long _evictions;

    /// <summary>A cache of at most this many entries.</summary>
    public Cache(int capacity)
        : this(new CacheOptions<TKey, TValue> { Capacity = capacity })
    {
    }

    /// <summary>A cache with these options, which are copied.</summary>
    public Cache(CacheOptions<TKey, TValue> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CacheOptions<TKey, TValue> valid = options.Validated();
        _capacity = valid.Capacity ?? int.MaxValue;
        _entries = new Dictionary<TKey, TValue>(valid.Comparer);
    }

    /// <summary>Entries held.</summary>
    public int Count => _entries.Count;

    /// <summary>The most entries held.</summary>
    public int Capacity
    {
        get => _capacity;
        set
        {
            lock (_gate)
            {
                _capacity = value;
                Trim(value);
            }
        }
    }

    /// <summary>Figures.</summary>
    public CacheStatistics Statistics => new() { Entries = Count, Weight = Count, Hits = _hits, Misses = _misses, Evictions = _evictions, Expirations = 0 };

    /// <summary>Finds.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            bool found = _entries.TryGetValue(key, out value);
            _hits += found ? 1 : 0;
            _misses += found ? 0 : 1;
            return found;
        }
    }

    /// <summary>Sets.</summary>
    public void Set(TKey key, TValue value, Expiry expiry = default)
    {
        lock (_gate)
        {
            if (!_entries.ContainsKey(key))
            {
                Trim(_capacity - 1);
                _order.Enqueue(key);
            }

            _entries[key] = value;
        }
    }

    /// <summary>Adds.</summary>
    public bool TryAdd(TKey key, TValue value, Expiry expiry = default)
    {
        lock (_gate)
        {
            if (_entries.ContainsKey(key))
            {
                return false;
            }

            Set(key, value, expiry);
            return true;
        }
    }

    /// <summary>Removes.</summary>
    public bool Remove(TKey key) => TryRemove(key, out _);

    /// <summary>Removes.</summary>
    public bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            return _entries.Remove(key, out value);
        }
    }

    /// <summary>Finds or makes.</summary>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> factory)
    {
        if (!TryGet(key, out TValue? value))
        {
            Set(key, value = factory(key));
        }

        return value;
    }

    /// <summary>Finds or makes.</summary>
    public TValue GetOrAdd<TArg>(TKey key, Func<TKey, TArg, TValue> factory, TArg arg) => GetOrAdd(key, k => factory(k, arg));

    /// <summary>Finds or makes.</summary>
    public async ValueTask<TValue> GetOrAddAsync(TKey key, Func<TKey, CancellationToken, ValueTask<TValue>> factory, CancellationToken cancellationToken = default)
    {
        if (!TryGet(key, out TValue? value))
        {
            Set(key, value = await factory(key, cancellationToken).ConfigureAwait(false));
        }

        return value;
    }

    /// <summary>Finds or makes.</summary>
    [OverloadResolutionPriority(-1)]
    public ValueTask<TValue> GetOrAddAsync(TKey key, Func<TKey, CancellationToken, Task<TValue>> factory, CancellationToken cancellationToken = default) =>
        GetOrAddAsync(key, (k, token) => new ValueTask<TValue>(factory(k, token)), cancellationToken);

    /// <summary>Finds many.</summary>
    public int GetMany(ReadOnlySpan<TKey> keys, Span<TValue?> values, Span<bool> found)
    {
        int hits = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            hits += (found[i] = TryGet(keys[i], out values[i])) ? 1 : 0;
        }

        return hits;
    }

    /// <summary>Clears.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
            _order.Clear();
        }
    }

    /// <summary>Ends.</summary>
    public void Dispose() => Clear();

    private void Trim(int count)
    {
        while (_entries.Count > count)
        {
            _evictions += _entries.Remove(_order.Dequeue()) ? 1 : 0;
        }
    }
}
