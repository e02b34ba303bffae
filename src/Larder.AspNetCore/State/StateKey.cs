using System.Globalization;
using System.Net;
using System.Text;
using Larder.AspNetCore.Paths;

namespace Larder.AspNetCore.State;

/// <summary>
/// The keys under which a guard keeps what it knows of a client: <c>guard:{what}:{address}|{number}|{pattern}</c>, the last two where there are any. The address
/// is in its one canonical spelling and holds no bar; so no two different things share a key.
/// </summary>
internal static class StateKey
{
    /// <summary>The longest key: what, address, number and pattern at their longest are shorter.</summary>
    internal const int MaxBytes = 128 + PathPattern.MaxBytes;

    /// <summary>Who has no address shares one.</summary>
    private const string Nobody = "unknown";

    internal static ReadOnlySpan<byte> Ban(IPAddress? client, Span<byte> buffer) => Write(buffer, "guard:ban:"u8, client);

    internal static string Ban(IPAddress? client) => Text(Ban(client, stackalloc byte[MaxBytes]));

    internal static ReadOnlySpan<byte> Window(IPAddress? client, long number, ReadOnlySpan<byte> pattern, Span<byte> buffer) =>
        Write(buffer, "guard:window:"u8, client, number, pattern);

    internal static ReadOnlySpan<byte> Violations(IPAddress? client, ReadOnlySpan<byte> pattern, Span<byte> buffer) =>
        Write(buffer, "guard:violations:"u8, client, null, pattern);

    internal static string Violations(IPAddress? client, ReadOnlySpan<byte> pattern) => Text(Violations(client, pattern, stackalloc byte[MaxBytes]));

    internal static string Burst(IPAddress? client, ReadOnlySpan<byte> pattern) => Text(Write(stackalloc byte[MaxBytes], "guard:burst:"u8, client, null, pattern));

    internal static string Sliding(IPAddress? client, ReadOnlySpan<byte> pattern) => Text(Write(stackalloc byte[MaxBytes], "guard:sliding:"u8, client, null, pattern));

    internal static string Bucket(IPAddress? client, ReadOnlySpan<byte> pattern) => Text(Write(stackalloc byte[MaxBytes], "guard:bucket:"u8, client, null, pattern));

    private static Span<byte> Write(Span<byte> buffer, ReadOnlySpan<byte> what, IPAddress? client, long? number = null, ReadOnlySpan<byte> pattern = default)
    {
        what.CopyTo(buffer);
        int length = what.Length;
        int written;
        if (client is null)
        {
            written = Encoding.UTF8.GetBytes(Nobody, buffer[length..]);
        }
        else
        {
            client.TryFormat(buffer[length..], out written);
        }

        length += written;
        if (number is { } value)
        {
            buffer[length++] = (byte)'|';
            value.TryFormat(buffer[length..], out written, default, CultureInfo.InvariantCulture);
            length += written;
        }

        if (!pattern.IsEmpty)
        {
            buffer[length++] = (byte)'|';
            pattern.CopyTo(buffer[length..]);
            length += pattern.Length;
        }

        return buffer[..length];
    }

    private static string Text(ReadOnlySpan<byte> utf8Key) => Encoding.UTF8.GetString(utf8Key);
}
