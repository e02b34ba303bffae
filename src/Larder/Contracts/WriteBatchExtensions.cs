namespace Larder;

/// <summary>
/// Typed values in a batch. A batch knows no store, so what is serialized names the serializer: what another one wrote, the store would not
/// read. They are extension methods so that arrays and null never reach them by accident.
/// </summary>
public static class WriteBatchExtensions
{
    /// <summary>Sets <paramref name="key"/> to text.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="value"/> is null.</exception>
    /// <exception cref="ArgumentException">The key is empty, or one of the two holds an unpaired surrogate.</exception>
    public static WriteBatch Set(this WriteBatch batch, string key, string value, Expiry expiry = default) =>
        Set(batch, key, value, JsonValueSerializer.Default, expiry);   // which text never reaches

    /// <summary>Sets <paramref name="key"/> to a copy of <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentException">The key is empty or holds an unpaired surrogate.</exception>
    public static WriteBatch Set(this WriteBatch batch, string key, ReadOnlyMemory<byte> value, Expiry expiry = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Set(key, value.Span, expiry);
    }

    /// <summary>Sets <paramref name="key"/> to a typed value; <paramref name="serializer"/> is that of the store the batch is for: <see cref="IStore.Serializer"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/>, <paramref name="value"/> or <paramref name="serializer"/> is null.</exception>
    /// <exception cref="ArgumentException">The key is empty or holds an unpaired surrogate; the value is a task that nobody awaited.</exception>
    public static WriteBatch Set<T>(this WriteBatch batch, string key, T value, IValueSerializer serializer, Expiry expiry = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(serializer);
        return batch.SetOwned(key, ValueCodec.Encode(value, serializer, out ValueKind kind), expiry, kind);
    }
}
