using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Larder.AspNetCore.Addresses;

/// <summary>
/// Addresses and networks from text, strictly: the platform's own parser also takes three octets, octal, hexadecimal and single numbers, which is how one
/// address gets several spellings.
/// </summary>
internal static class AddressText
{
    /// <summary>An address as it is compared and counted: IPv4 in its IPv6 form is IPv4, and the interface it came through does not matter.</summary>
    internal static IPAddress Canonical(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes()) : address;
    }

    internal static bool TryParse(string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (string.IsNullOrEmpty(text) || !(text.Contains(':', StringComparison.Ordinal) ? IsPlain(text) : HasFourOctets(text)) || !IPAddress.TryParse(text, out IPAddress? parsed))
        {
            return false;
        }

        address = Canonical(parsed);
        return true;
    }

    /// <summary>A network in CIDR notation, or a single address as a network of one. Bits beyond the prefix are cleared.</summary>
    internal static bool TryParse(string? text, out IPNetwork network)
    {
        network = default;
        int slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        string? before = slash < 0 ? text : text![..slash];
        if (!TryParse(before, out IPAddress? address))
        {
            return false;
        }

        int all = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        int prefix = all;
        if (slash >= 0)
        {
            ReadOnlySpan<char> length = text.AsSpan(slash + 1);
            if (length.Length is 0 or > 3 || (length.Length > 1 && length[0] == '0') || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out prefix))
            {
                return false;
            }

            prefix -= all == 32 && before!.Contains(':', StringComparison.Ordinal) ? 96 : 0;   // an IPv4 network in its IPv6 form
        }

        if (prefix < 0 || prefix > all)
        {
            return false;
        }

        byte[] bytes = address.GetAddressBytes();
        for (int bit = prefix; bit < all; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        network = new IPNetwork(new IPAddress(bytes), prefix);
        return true;
    }

    private static bool HasFourOctets(string text)
    {
        int octets = 0;
        foreach (Range part in text.AsSpan().Split('.'))
        {
            ReadOnlySpan<char> octet = text.AsSpan(part);
            bool isOctet = octet.Length is >= 1 and <= 3 && !octet.ContainsAnyExceptInRange('0', '9') && (octet.Length == 1 || octet[0] != '0');
            if (!isOctet)
            {
                return false;
            }

            octets++;
        }

        return octets == 4;
    }

    /// <summary>No brackets, ports, interfaces or prefixes, which the platform's parser would take.</summary>
    private static bool IsPlain(string text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiHexDigit(c) && c is not (':' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
