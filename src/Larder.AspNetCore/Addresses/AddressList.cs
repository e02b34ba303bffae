using System.Collections.Frozen;
using System.Net;

namespace Larder.AspNetCore.Addresses;

/// <summary>Addresses and networks to look addresses up in.</summary>
internal sealed class AddressList
{
    private readonly FrozenSet<IPAddress> _single;
    private readonly IPNetwork[] _networks;

    /// <summary>Takes entries that are valid.</summary>
    internal AddressList(IEnumerable<string> entries)
    {
        var single = new HashSet<IPAddress>();
        var networks = new List<IPNetwork>();
        foreach (string entry in entries)
        {
            if (AddressText.TryParse(entry, out IPAddress? address))
            {
                single.Add(address);
            }
            else if (AddressText.TryParse(entry, out IPNetwork network))
            {
                networks.Add(network);
            }
        }

        _single = single.ToFrozenSet();
        _networks = [.. networks];
    }

    internal bool IsEmpty => _single.Count == 0 && _networks.Length == 0;

    /// <summary>Whether a canonical address is on the list.</summary>
    internal bool Contains(IPAddress address)
    {
        if (_single.Contains(address))
        {
            return true;
        }

        foreach (IPNetwork network in _networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
