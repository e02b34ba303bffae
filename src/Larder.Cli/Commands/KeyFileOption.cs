using System.Buffers;
using System.CommandLine;
using System.Security.Cryptography;

namespace Larder.Cli.Commands;

/// <summary><c>--key-file FILE</c>: the key of an encrypted store. A key never stands on the command line, where every process can read it.</summary>
internal sealed class KeyFileOption : Option<string?>
{
    private const int KeyBytes = 32;

    public KeyFileOption()
        : base("--key-file")
    {
        Description = "The key of an encrypted store: 32 bytes, or 64 hex digits";
        HelpName = "FILE";
    }

    /// <summary>The key, or null when no file was named. Whoever asks clears it when the store has taken its copy.</summary>
    /// <exception cref="FormatException">The file holds no key; the message does not tell what it holds.</exception>
    public byte[]? Read(ParseResult parsed)
    {
        if (parsed.GetValue(this) is not { } name)
        {
            return null;
        }

        byte[] content = ReadAtMost(name, (2 * KeyBytes) + 2); // the digits and a line end
        if (content.Length == KeyBytes)
        {
            return content;
        }

        try
        {
            byte[] key = new byte[KeyBytes];
            ReadOnlySpan<byte> digits = content.AsSpan().TrimEnd("\r\n"u8);
            return digits.Length == 2 * KeyBytes && Convert.FromHexString(digits, key, out _, out _) == OperationStatus.Done
                ? key
                : throw new FormatException($"'{name}' holds no key: neither 32 bytes nor 64 hex digits.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>The file up to one byte beyond the limit, so that a device without an end is no key either.</summary>
    private static byte[] ReadAtMost(string name, int limit)
    {
        using var file = new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0); // no copy stays in a buffer
        Span<byte> buffer = stackalloc byte[limit + 1];
        int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        byte[] content = buffer[..length].ToArray();
        CryptographicOperations.ZeroMemory(buffer);
        return content;
    }
}
