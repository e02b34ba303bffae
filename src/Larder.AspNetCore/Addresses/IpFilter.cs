using System.Net;

namespace Larder.AspNetCore.Addresses;

/// <summary>The address lists.</summary>
internal sealed class IpFilter(IpFilterOptions options)
{
    private readonly AddressList _whitelist = new(options.Whitelist);
    private readonly AddressList _blacklist = new(options.Blacklist);

    internal bool IsEnabled { get; } = options.Enabled;

    /// <summary>Why a canonical address is refused by the lists; null when it is not.</summary>
    internal string? Refusal(IPAddress address) =>
        _blacklist.Contains(address) ? "IP in blacklist"
        : !_whitelist.IsEmpty && !_whitelist.Contains(address) ? "IP not in whitelist"
        : null;
}
