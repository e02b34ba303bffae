using Larder.AspNetCore.Addresses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Larder.AspNetCore.Middleware;

/// <summary>
/// Who is believed about the address of a client. The platform's own middleware does the believing: from the last address of the header to the first, each only when
/// it comes from a trusted proxy.
/// </summary>
internal static class TrustedProxies
{
    /// <summary>Everything that is wrong with the options, a phrase each.</summary>
    internal static IEnumerable<string> Problems(GuardWebOptions options)
    {
        foreach (string proxy in options.TrustedProxies.Where(proxy => !AddressText.TryParse(proxy, out IPNetwork _)))
        {
            yield return $"Web.TrustedProxies has '{proxy}', which is neither an address nor a network";
        }

        if (options.ForwardLimit < 1)
        {
            yield return $"Web.ForwardLimit must be at least 1, but is {options.ForwardLimit}";
        }
    }

    /// <summary>What gives the connection the client's address; null when nobody is trusted.</summary>
    internal static ForwardedHeadersMiddleware? Of(GuardWebOptions options, ILoggerFactory loggers)
    {
        if (options.TrustedProxies.Count == 0)
        {
            return null;   // the platform would take an empty list for everybody
        }

        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = options.ForwardLimit };
        forwarded.KnownProxies.Clear();   // loopback is among them by default
        forwarded.KnownIPNetworks.Clear();
        foreach (string proxy in options.TrustedProxies)
        {
            _ = AddressText.TryParse(proxy, out IPNetwork network);
            forwarded.KnownIPNetworks.Add(network);
        }

        return new ForwardedHeadersMiddleware(_ => Task.CompletedTask, loggers, Options.Create(forwarded));
    }
}
