namespace Larder;

/// <summary>
/// Typed values on every store. They are extension methods so that spans and arrays never reach them by accident. Strings are
/// stored as UTF-8, byte sequences as they are, everything else by <see cref="IStore.Serializer"/>.
/// </summary>
public static class StoreExtensions
{
    /// <summary>Sets a key to a typed value. Returns the new version, 0 when the expiry removed the key at once.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="value"/> is a task that nobody awaited.</exception>
    public static long Set<T>(this IStore store, string key, T value, Expiry expiry = default) => Write(store, key, value, expiry, required: null).Version;

    /// <inheritdoc cref="Set{T}(IStore, string, T, Expiry)"/>
    public static ValueTask<long> SetAsync<T>(this IStore store, string key, T value, Expiry expiry = default, CancellationToken cancellationToken = default)
    {
        return VersionOf(WriteAsync(store, key, value, expiry, required: null, cancellationToken));

        static async ValueTask<long> VersionOf(ValueTask<WriteResult> write) => (await write.ConfigureAwait(false)).Version;
    }

    /// <summary>Sets a key that is absent to a typed value; refused when it is there.</summary>
    public static WriteResult TryAdd<T>(this IStore store, string key, T value, Expiry expiry = default) => Write(store, key, value, expiry, required: 0);

    /// <inheritdoc cref="TryAdd{T}"/>
    public static ValueTask<WriteResult> TryAddAsync<T>(this IStore store, string key, T value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        WriteAsync(store, key, value, expiry, required: 0, cancellationToken);

    /// <summary>Sets a key that still has <paramref name="expectedVersion"/> to a typed value; refused otherwise, also when it is absent.</summary>
    public static WriteResult TryUpdate<T>(this IStore store, string key, T value, long expectedVersion, Expiry expiry = default) =>
        Write(store, key, value, expiry, ExpectedVersion.Present(expectedVersion));

    /// <inheritdoc cref="TryUpdate{T}"/>
    public static ValueTask<WriteResult> TryUpdateAsync<T>(this IStore store, string key, T value, long expectedVersion, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        WriteAsync(store, key, value, expiry, ExpectedVersion.Present(expectedVersion), cancellationToken);

    /// <summary>Finds a typed value; false when the key is absent.</summary>
    /// <exception cref="ValueKindException">The value is stored as another kind, or its bytes are no <typeparamref name="T"/>.</exception>
    public static bool TryGet<T>(this IStore store, string key, out T? value)
    {
        ArgumentNullException.ThrowIfNull(store);
        bool found = store.TryGet(key, out Entry entry);
        value = found ? ValueCodec.Decode<T>(entry, store.Serializer) : default;
        return found;
    }

    /// <summary>Finds a typed value.</summary>
    /// <exception cref="ValueKindException">The value is stored as another kind, or its bytes are no <typeparamref name="T"/>.</exception>
    public static ValueTask<(bool Found, T? Value)> TryGetAsync<T>(this IStore store, string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return Decode(store.GetAsync(key, cancellationToken), store.Serializer);

        static async ValueTask<(bool Found, T? Value)> Decode(ValueTask<Entry?> get, IValueSerializer serializer) =>
            await get.ConfigureAwait(false) is { } entry ? (true, ValueCodec.Decode<T>(entry, serializer)) : (false, default);
    }

    /// <summary>The typed value of an entry that a scan, a history or a read returned.</summary>
    /// <exception cref="ValueKindException">The value is stored as another kind, or its bytes are no <typeparamref name="T"/>.</exception>
    public static T? Decode<T>(this IStore store, in Entry entry)
    {
        ArgumentNullException.ThrowIfNull(store);
        return ValueCodec.Decode<T>(entry, store.Serializer);
    }

    /// <summary>Whether a key is there.</summary>
    public static bool Exists(this IStore store, string key)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.TryGet(key, out _);
    }

    /// <inheritdoc cref="Exists"/>
    public static ValueTask<bool> ExistsAsync(this IStore store, string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return HasValue(store.GetAsync(key, cancellationToken));

        static async ValueTask<bool> HasValue(ValueTask<Entry?> get) => await get.ConfigureAwait(false) is not null;
    }

    /// <summary>Locks a key, waiting as long as it takes. Dispose the result to release it.</summary>
    public static KeyLock Lock(this IStore store, string key)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.TryLock(key, Timeout.InfiniteTimeSpan) ?? throw new InvalidOperationException("a wait without end ended");
    }

    /// <summary>Locks a key, waiting until <paramref name="cancellationToken"/> is cancelled. Dispose the result to release it.</summary>
    public static ValueTask<KeyLock> LockAsync(this IStore store, string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ValueTask<KeyLock?> taken = store.TryLockAsync(key, Timeout.InfiniteTimeSpan, cancellationToken);
        return taken.IsCompletedSuccessfully ? new(taken.Result ?? throw new InvalidOperationException("a wait without end ended")) : Take(taken);

        static async ValueTask<KeyLock> Take(ValueTask<KeyLock?> wait) =>
            await wait.ConfigureAwait(false) ?? throw new InvalidOperationException("a wait without end ended");
    }

    private static WriteResult Write<T>(IStore store, string key, T value, Expiry expiry, long? required)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(key);
        return store.Write(Batch(store, key, value, expiry, required));
    }

    /// <summary>Argument errors are thrown at the call; what the serializer throws comes through the task.</summary>
    private static ValueTask<WriteResult> WriteAsync<T>(IStore store, string key, T value, Expiry expiry, long? required, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        Utf8.Key(key, stackalloc byte[Utf8.StackBytes]);
        ValueCodec.Check(value);
        return Write();

        async ValueTask<WriteResult> Write() => await store.WriteAsync(Batch(store, key, value, expiry, required), cancellationToken).ConfigureAwait(false);
    }

    private static WriteBatch Batch<T>(IStore store, string key, T value, Expiry expiry, long? required)
    {
        byte[] bytes = ValueCodec.Encode(value, store.Serializer, out ValueKind kind);
        var batch = new WriteBatch();
        if (required is { } version)
        {
            batch.Require(key, version);
        }

        return batch.SetOwned(key, bytes, expiry, kind);
    }
}
