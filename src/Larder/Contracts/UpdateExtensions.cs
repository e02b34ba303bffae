namespace Larder;

/// <summary>Read-modify-write on every store.</summary>
public static class UpdateExtensions
{
    /// <summary>
    /// Changes a value by compare-and-set, as often as it takes: <paramref name="change"/> gets the present value, or the default when
    /// the key is absent, and may run more than once. A null result removes the key. The deadline stays unless
    /// <paramref name="expiry"/> is given. Returns what was stored.
    /// </summary>
    public static T? Update<T>(this IStore store, string key, Func<T?, T?> change, Expiry? expiry = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(change);
        while (true)
        {
            bool found = store.TryGet(key, out Entry entry);
            T? next = change(found ? ValueCodec.Decode<T>(entry, store.Serializer) : default);
            if (store.Write(Replacement(store, key, found ? entry.Version : 0, next, expiry)))
            {
                return next;
            }
        }
    }

    /// <inheritdoc cref="Update{T}"/>
    public static ValueTask<T?> UpdateAsync<T>(this IStore store, string key, Func<T?, T?> change, Expiry? expiry = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(change);
        return Retry(store.GetAsync(key, cancellationToken));

        async ValueTask<T?> Retry(ValueTask<Entry?> get)
        {
            while (true)
            {
                Entry? entry = await get.ConfigureAwait(false);
                T? next = change(entry is { } present ? ValueCodec.Decode<T>(present, store.Serializer) : default);
                if (await store.WriteAsync(Replacement(store, key, entry?.Version ?? 0, next, expiry), cancellationToken).ConfigureAwait(false))
                {
                    return next;
                }

                get = store.GetAsync(key, cancellationToken);
            }
        }
    }

    private static WriteBatch Replacement<T>(IStore store, string key, long version, T? next, Expiry? expiry)
    {
        WriteBatch batch = new WriteBatch().Require(key, version);
        return next is null
            ? batch.Remove(key)
            : batch.SetOwned(key, ValueCodec.Encode(next, store.Serializer, out ValueKind kind), expiry ?? Expiry.Keep, kind);
    }
}
