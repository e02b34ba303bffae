using System.Text;

namespace Larder;

/// <summary>What a key must be: returns null when it is, and otherwise a sentence that says what is wrong with it.</summary>
/// <param name="key">The key, never null or empty, and always with a form in UTF-8.</param>
public delegate string? KeyRule(string key);

/// <summary>What a value must be: returns null when it is, and otherwise a sentence that says what is wrong with it.</summary>
/// <param name="key">The key that the value is for.</param>
/// <param name="value">The bytes of the value, as they would be stored; valid only during the call.</param>
public delegate string? ValueRule(string key, ReadOnlySpan<byte> value);

/// <summary>Ready-made rules for a <see cref="ValidatedStore"/>.</summary>
public static class StoreRules
{
    /// <summary>The longest key that the default rules allow, in UTF-8 bytes.</summary>
    public const int DefaultMaxKeyBytes = 1024;

    /// <summary>The largest value that the default rules allow, in bytes: 100 MiB. A store's own <see cref="StoreOptions.MaxValueBytes"/> holds besides.</summary>
    public const int DefaultMaxValueBytes = 100 * 1024 * 1024;

    /// <summary>Keys of at most so many bytes in UTF-8, whatever their number of characters.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is less than 1.</exception>
    public static KeyRule MaxKeyBytes(int bytes = DefaultMaxKeyBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        return key => Encoding.UTF8.GetByteCount(key) is var got && got > bytes ? $"key too long: maximum {bytes} bytes, got {got}" : null;
    }

    /// <summary>Values of at most so many bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is negative.</exception>
    public static ValueRule MaxValueBytes(int bytes = DefaultMaxValueBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return (_, value) => value.Length > bytes ? $"value too large: maximum {bytes} bytes, got {value.Length}" : null;
    }

    /// <summary>Keys for which <paramref name="holds"/> is true; the others are refused with <paramref name="otherwise"/>.</summary>
    public static KeyRule Key(Func<string, bool> holds, string otherwise)
    {
        ArgumentNullException.ThrowIfNull(holds);
        ArgumentException.ThrowIfNullOrEmpty(otherwise);
        return key => holds(key) ? null : otherwise;
    }

    /// <summary>Values for which <paramref name="holds"/> is true; the others are refused with <paramref name="otherwise"/>.</summary>
    public static ValueRule Value(Func<ReadOnlySpan<byte>, bool> holds, string otherwise)
    {
        ArgumentNullException.ThrowIfNull(holds);
        ArgumentException.ThrowIfNullOrEmpty(otherwise);
        return (_, value) => holds(value) ? null : otherwise;
    }
}
