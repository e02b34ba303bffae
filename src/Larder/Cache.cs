using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Larder.Engine;

namespace Larder;

/// <summary>
/// A bounded cache of objects in memory: look-ups take no lock, the bound holds at every moment, and what is kept is chosen by how often and how lately it was
/// asked for. Safe for any number of threads. Values are kept by reference, never copied or serialized; null is a value like any other.
/// </summary>
/// <remarks>
/// <para>A newcomer is always kept: after <see cref="Set"/> the caller's own <see cref="TryGet"/> finds it, unless another thread has come between. Who has to go for it is told in
/// docs/cache.md. Expired entries are never found, and leave by themselves.</para>
/// <para>After <see cref="Dispose"/> every member throws <see cref="ObjectDisposedException"/>, except <see cref="Dispose"/> itself, <see cref="Count"/> and <see cref="Statistics"/>. A cache
/// that nobody holds any more is collected like any object, with all it keeps.</para>
/// </remarks>
/// <typeparam name="TKey">The keys.</typeparam>
/// <typeparam name="TValue">The values.</typeparam>
[DebuggerDisplay("Count = {Count}")]
public sealed class Cache<TKey, TValue> : IDisposable
    where TKey : notnull
{
    private readonly CacheEngine<TKey, TValue> _engine;
    private readonly bool _isWeighted;

    /// <summary>A cache of at most so many entries, which never expire unless they are set with an expiry.</summary>
    /// <param name="capacity">At least 1.</param>
    /// <exception cref="ArgumentException"><paramref name="capacity"/> is less than 1.</exception>
    public Cache(int capacity)
        : this(new CacheOptions<TKey, TValue> { Capacity = capacity })
    {
    }

    /// <summary>A cache with these options, which are copied.</summary>
    /// <exception cref="ArgumentException">The options contradict each other or are out of range; the message names every problem.</exception>
    public Cache(CacheOptions<TKey, TValue> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CacheOptions<TKey, TValue> valid = options.Validated();
        _isWeighted = valid.MaxWeight is not null;
        _engine = new CacheEngine<TKey, TValue>(valid);
    }

    /// <summary>How many entries there are, those that are due but have not left yet included. Never more than <see cref="Capacity"/>.</summary>
    public int Count => _engine.Count;

    /// <summary>
    /// The most entries there may be; <see cref="int.MaxValue"/> in a cache bounded by weight. When a smaller one has been set, no more than that are there: the rest was evicted, step by step,
    /// while others went on.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    /// <exception cref="InvalidOperationException">Set in a cache bounded by weight.</exception>
    public int Capacity
    {
        get => _isWeighted ? int.MaxValue : (int)_engine.Bound;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            if (_isWeighted)
            {
                throw new InvalidOperationException("the cache is bounded by weight; set MaxWeight instead.");
            }

            _engine.SetBound(value);
        }
    }

    /// <summary>The largest sum of weights there may be; in a cache bounded by entries each weighs 1. Can be changed as <see cref="Capacity"/> can.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    /// <exception cref="InvalidOperationException">Set in a cache bounded by entries.</exception>
    public long MaxWeight
    {
        get => _engine.Bound;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            if (!_isWeighted)
            {
                throw new InvalidOperationException("the cache is bounded by entries; set Capacity instead.");
            }

            _engine.SetBound(value);
        }
    }

    /// <summary>Figures of this moment.</summary>
    public CacheStatistics Statistics => _engine.Statistics;

    /// <summary>Finds the value of a key. Takes no lock; a hit prolongs a sliding expiry.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _engine.TryGet(key, out value);
    }

    /// <summary>
    /// Stores a value, whatever was under the key. Without an expiry of its own it gets the one of the options. An expiry that has passed already removes
    /// the key, and the call returns normally; so does a value heavier than the whole cache, which is reported as evicted.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The weigher returned a negative weight; nothing has changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public void Set(TKey key, TValue value, Expiry expiry = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        _engine.Put(key, value, expiry, onlyIfAbsent: false);
    }

    /// <summary>Stores a value if nothing is under the key, or only what has expired; false if something is, which stays as it was.</summary>
    /// <inheritdoc cref="Set"/>
    public bool TryAdd(TKey key, TValue value, Expiry expiry = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _engine.Put(key, value, expiry, onlyIfAbsent: true);
    }

    /// <summary>Removes a key; whether it was there.</summary>
    /// <inheritdoc cref="TryGet"/>
    public bool Remove(TKey key) => TryRemove(key, out _);

    /// <summary>Removes a key and says what was under it; whether it was there.</summary>
    /// <inheritdoc cref="TryGet"/>
    public bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _engine.TryRemove(key, out value);
    }

    /// <summary>
    /// The value of a key, made by <paramref name="factory"/> and stored when absent. One factory runs per key at a time, outside every gate; everybody else waits for its result.
    /// If the key is set, removed or cleared meanwhile, that wins: the result is returned but not stored. What the factory throws goes to everybody
    /// who waits, and is not stored.
    /// </summary>
    /// <exception cref="InvalidOperationException">The factory asks, directly or through other factories, for the same key.</exception>
    /// <inheritdoc cref="TryGet"/>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> factory)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        return _engine.TryGet(key, out TValue value) ? value : _engine.GetOrAdd(key, static (key, factory) => factory(key), factory);
    }

    /// <summary>The same with an argument for the factory, so that it need not capture anything.</summary>
    /// <inheritdoc cref="GetOrAdd(TKey, Func{TKey, TValue})"/>
    public TValue GetOrAdd<TArg>(TKey key, Func<TKey, TArg, TValue> factory, TArg arg)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        return _engine.TryGet(key, out TValue value) ? value : _engine.GetOrAdd(key, factory, arg);
    }

    /// <summary>
    /// The async form of <see cref="GetOrAdd(TKey, Func{TKey, TValue})"/>. Cancelling lets this caller go; the token that the factory gets is cancelled when the
    /// last who waits has left. A value that is there is returned without waiting.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled while the value was not there.</exception>
    /// <inheritdoc cref="GetOrAdd(TKey, Func{TKey, TValue})"/>
    public ValueTask<TValue> GetOrAddAsync(TKey key, Func<TKey, CancellationToken, ValueTask<TValue>> factory, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        return _engine.TryGet(key, out TValue value) ? new(value) : _engine.GetOrAddAsync(key, factory, cancellationToken);
    }

    /// <inheritdoc cref="GetOrAddAsync(TKey, Func{TKey, CancellationToken, ValueTask{TValue}}, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public ValueTask<TValue> GetOrAddAsync(TKey key, Func<TKey, CancellationToken, Task<TValue>> factory, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        return _engine.TryGet(key, out TValue value)
            ? new(value)
            : _engine.GetOrAddAsync(key, (k, token) => new ValueTask<TValue>(factory(k, token)), cancellationToken);
    }

    /// <summary>
    /// Finds many keys at once, each as <see cref="TryGet"/> would; how many were there. In a large cache the memory that they need is fetched
    /// together, which is several times quicker than one by one.
    /// </summary>
    /// <param name="keys">The keys, none null.</param>
    /// <param name="values">The value of each key, or the type's default; at least as long as <paramref name="keys"/>.</param>
    /// <param name="found">Whether each was there; at least as long as <paramref name="keys"/>.</param>
    /// <exception cref="ArgumentException">A span is too short; nothing was looked up.</exception>
    /// <exception cref="ArgumentNullException">A key is null; those before it were looked up.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public int GetMany(ReadOnlySpan<TKey> keys, Span<TValue?> values, Span<bool> found)
    {
        if (values.Length < keys.Length || found.Length < keys.Length)
        {
            throw new ArgumentException($"there are {keys.Length} keys, but room for {values.Length} values and {found.Length} answers.");
        }

        return _engine.GetMany(keys, values, found);
    }

    /// <summary>Removes everything at once.</summary>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public void Clear() => _engine.Clear();

    /// <summary>Lets go of everything, reporting it as cleared, and refuses what is called from now on. Loads under way end, and their results are not stored. Safe to call twice.</summary>
    public void Dispose() => _engine.Dispose();

    /// <summary>Walks everything there is and compares the books with it; how many entries and how much weight were found.</summary>
    internal (int Count, long Weight) VerifyIntegrity() => _engine.VerifyIntegrity();
}
