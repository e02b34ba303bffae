using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Larder;

/// <summary>Read-through on every store that runs one load per key at a time.</summary>
public static class GetOrAddExtensions
{
    /// <summary>
    /// The value under <paramref name="key"/>, made by <paramref name="factory"/> and stored when absent. One factory runs per key at
    /// a time; everybody else waits for its result. If the key is set, removed or cleared meanwhile, that wins: the result is
    /// returned but not stored. What the factory throws goes to every waiter; neither failures nor null are stored.
    /// </summary>
    /// <exception cref="InvalidOperationException">The factory asks, directly or through other factories, for the same key.</exception>
    /// <exception cref="NotSupportedException">The store cannot run one load per key.</exception>
    public static T GetOrAdd<T>(this IStore store, string key, Func<string, T> factory, Expiry expiry = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(factory);
        IValueSerializer serializer = store.Serializer;
        return Flights(store).Load(key, k => Encode(factory(k), serializer), expiry) is { } loaded ? ValueCodec.Decode<T>(loaded, serializer)! : default!;
    }

    /// <summary>Not for async factories.</summary>
    [Obsolete("An async factory needs GetOrAddAsync: this overload would store the task.", error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static T GetOrAdd<T>(this IStore store, string key, Func<string, Task<T>> factory, Expiry expiry = default) =>
        throw new NotSupportedException();

    /// <summary>The async form of <see cref="GetOrAdd{T}(IStore, string, Func{string, T}, Expiry)"/>. The factory's token is cancelled when the last waiter has left.</summary>
    public static ValueTask<T> GetOrAddAsync<T>(
        this IStore store,
        string key,
        Func<string, CancellationToken, ValueTask<T>> factory,
        Expiry expiry = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(factory);
        IValueSerializer serializer = store.Serializer;
        return Decode(
            Flights(store).LoadAsync(key, async (k, token) => Encode(await factory(k, token).ConfigureAwait(false), serializer), expiry, cancellationToken),
            serializer);

        static async ValueTask<T> Decode(ValueTask<Entry?> load, IValueSerializer serializer) =>
            await load.ConfigureAwait(false) is { } entry ? ValueCodec.Decode<T>(entry, serializer)! : default!;
    }

    /// <inheritdoc cref="GetOrAddAsync{T}(IStore, string, Func{string, CancellationToken, ValueTask{T}}, Expiry, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static ValueTask<T> GetOrAddAsync<T>(
        this IStore store,
        string key,
        Func<string, CancellationToken, Task<T>> factory,
        Expiry expiry = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return store.GetOrAddAsync(key, (k, token) => new ValueTask<T>(factory(k, token)), expiry, cancellationToken);
    }

    internal static ISingleFlight Flights(IStore store) =>
        store as ISingleFlight
        ?? throw new NotSupportedException($"{store.GetType()} cannot run one load per key: it does not implement {nameof(ISingleFlight)}.");

    private static LoadedValue? Encode<T>(T value, IValueSerializer serializer) =>
        value is null ? null : new LoadedValue(ValueCodec.Encode(value, serializer, out ValueKind kind), kind);
}
