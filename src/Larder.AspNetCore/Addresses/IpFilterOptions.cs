namespace Larder.AspNetCore;

/// <summary>
/// Which addresses may come. Entries are single addresses or networks in CIDR notation, IPv4 and IPv6 (<c>203.0.113.7</c>, <c>2001:db8::/32</c>); an
/// IPv4 address in its IPv6 form is the IPv4 address.
/// </summary>
public sealed class IpFilterOptions
{
    /// <summary>Whether bans and lists are looked at. Default: they are. Off, bans are kept but nobody is refused for one.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>If there are any, only these may come.</summary>
    public IList<string> Whitelist { get; } = new List<string>();

    /// <summary>These may not come, whatever the other list says.</summary>
    public IList<string> Blacklist { get; } = new List<string>();
}
