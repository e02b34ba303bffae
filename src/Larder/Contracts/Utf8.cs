using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Larder;

/// <summary>Keys and prefixes between strings and UTF-8, without loss: what has no UTF-8 form is refused by name.</summary>
internal static class Utf8
{
    /// <summary>Buffers of this size, on the stack, hold the common key.</summary>
    internal const int StackBytes = 256;

    /// <summary>Encodes a key into <paramref name="buffer"/>, or into a new array when it does not fit.</summary>
    /// <exception cref="ArgumentNullException">The key is null.</exception>
    /// <exception cref="ArgumentException">The key is empty or holds an unpaired surrogate.</exception>
    internal static ReadOnlySpan<byte> Key(string key, Span<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length == 0 ? throw Empty(nameof(key)) : Encode(key, buffer, nameof(key));
    }

    /// <inheritdoc cref="Key(string, Span{byte})"/>
    internal static byte[] Key(string key) => Key(key, stackalloc byte[StackBytes]).ToArray();

    /// <summary>Checks a key that is in UTF-8 already.</summary>
    /// <exception cref="ArgumentException">The key is empty or no UTF-8.</exception>
    internal static ReadOnlySpan<byte> Key(ReadOnlySpan<byte> utf8Key)
    {
        if (utf8Key.IsEmpty)
        {
            throw Empty(nameof(utf8Key));
        }

        return System.Text.Unicode.Utf8.IsValid(utf8Key)
            ? utf8Key
            : throw new ArgumentException("key is not valid UTF-8", nameof(utf8Key));
    }

    /// <summary>Encodes a prefix, which may be empty.</summary>
    /// <exception cref="ArgumentNullException">The prefix is null.</exception>
    /// <exception cref="ArgumentException">The prefix holds an unpaired surrogate.</exception>
    internal static byte[] Prefix(string prefix, [CallerArgumentExpression(nameof(prefix))] string parameter = "")
    {
        ArgumentNullException.ThrowIfNull(prefix, parameter);
        return prefix.Length == 0 ? [] : Encode(prefix, stackalloc byte[StackBytes], parameter).ToArray();
    }

    /// <summary>The smallest byte string that is larger than everything that starts with <paramref name="prefix"/>; null when there is none.</summary>
    internal static byte[]? EndOf(ReadOnlySpan<byte> prefix)
    {
        int last = prefix.Length - 1;
        while (last >= 0 && prefix[last] == 0xFF)
        {
            last--;
        }

        if (last < 0)
        {
            return null;
        }

        byte[] end = prefix[..(last + 1)].ToArray();
        end[last]++;
        return end;
    }

    private static ReadOnlySpan<byte> Encode(string text, Span<byte> buffer, string parameter)
    {
        OperationStatus status = System.Text.Unicode.Utf8.FromUtf16(text, buffer, out _, out int written, replaceInvalidSequences: false);
        if (status == OperationStatus.DestinationTooSmall)
        {
            var large = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
            status = System.Text.Unicode.Utf8.FromUtf16(text, large, out _, out written, replaceInvalidSequences: false);
            buffer = large;
        }

        return status == OperationStatus.Done
            ? buffer[..written]
            : throw new ArgumentException($"{parameter} holds an unpaired surrogate, which has no UTF-8 form", parameter);
    }

    private static ArgumentException Empty(string parameter) => new("key cannot be empty", parameter);
}
