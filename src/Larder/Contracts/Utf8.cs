using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using Codec = System.Text.Unicode.Utf8;

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
        if (string.IsNullOrEmpty(key))
        {
            ArgumentNullException.ThrowIfNull(key);
            throw Empty(nameof(key));
        }

        if (key.Length <= buffer.Length && TryNarrow(key, buffer))
        {
            return buffer[..key.Length];
        }

        return EncodeAny(key, nameof(key));
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

        return Codec.IsValid(utf8Key)
            ? utf8Key
            : throw new ArgumentException("key is not valid UTF-8", nameof(utf8Key));
    }

    /// <summary>Encodes a prefix, which may be empty.</summary>
    /// <exception cref="ArgumentNullException">The prefix is null.</exception>
    /// <exception cref="ArgumentException">The prefix holds an unpaired surrogate.</exception>
    internal static byte[] Prefix(string prefix, [CallerArgumentExpression(nameof(prefix))] string parameter = "")
    {
        ArgumentNullException.ThrowIfNull(prefix, parameter);
        return prefix.Length == 0 ? [] : EncodeAny(prefix, parameter);
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

    /// <summary>
    /// The common key is ASCII: eight characters at a time, the last eight again if need be. Words that are written whole can be read back at
    /// once by the hash; what the general encoder writes makes it wait for longer than the encoding takes.
    /// </summary>
    private static bool TryNarrow(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        ref ushort from = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        ref byte to = ref MemoryMarshal.GetReference(bytes);
        if (text.Length < Vector128<ushort>.Count)
        {
            for (int i = 0; i < text.Length; i++)
            {
                bytes[i] = (byte)text[i];
                if (text[i] > 0x7F)
                {
                    return false;
                }
            }

            return true;
        }

        nuint last = (nuint)(text.Length - Vector128<ushort>.Count);
        for (nuint at = 0; ; at = nuint.Min(at + (nuint)Vector128<ushort>.Count, last))
        {
            Vector128<ushort> chars = Vector128.LoadUnsafe(ref from, at);
            if ((chars & Vector128.Create((ushort)0xFF80)) != Vector128<ushort>.Zero)
            {
                return false;
            }

            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, at), Vector128.Narrow(chars, chars).AsUInt64().ToScalar());
            if (at == last)
            {
                return true;
            }
        }
    }

    private static byte[] EncodeAny(string text, string parameter)
    {
        var buffer = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        return Codec.FromUtf16(text, buffer, out _, out int written, replaceInvalidSequences: false) == OperationStatus.Done
            ? buffer[..written]
            : throw new ArgumentException($"{parameter} holds an unpaired surrogate, which has no UTF-8 form", parameter);
    }

    private static ArgumentException Empty(string parameter) => new("key cannot be empty", parameter);
}
