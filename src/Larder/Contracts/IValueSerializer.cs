using System.Buffers;

namespace Larder;

/// <summary>Turns objects into bytes and back, for the typed members of a store. Must be safe to call from many threads.</summary>
public interface IValueSerializer
{
    /// <summary>Writes <paramref name="value"/>.</summary>
    void Serialize<T>(T value, IBufferWriter<byte> destination);

    /// <summary>Reads what <see cref="Serialize{T}"/> wrote; throws when the bytes are no <typeparamref name="T"/>.</summary>
    T? Deserialize<T>(ReadOnlySpan<byte> source);
}
