using Microsoft.AspNetCore.Http;

namespace Larder.AspNetCore;

/// <summary>How the middleware meets the web: where state is kept, who is believed, what is answered.</summary>
public sealed class GuardWebOptions
{
    /// <summary>
    /// The name of the store, a keyed service, that keeps bans and counters. Default: the application's <see cref="IStore"/>, or a store in memory of
    /// the guard's own when there is none; what is in memory is forgotten at a restart.
    /// </summary>
    public string? Store { get; set; }

    /// <summary>What happens to a request that the guard cannot decide about, because its store fails. Default: it is refused.</summary>
    public WhenStoreFails WhenStoreFails { get; set; } = WhenStoreFails.Refuse;

    /// <summary>
    /// Addresses and networks (CIDR) of proxies whose <c>X-Forwarded-For</c> is believed. The connection then has the client's address for everything
    /// that follows, as after <c>UseForwardedHeaders</c>, which does the work. Default: none; the client is who connects, whatever a header says.
    /// </summary>
    public IList<string> TrustedProxies { get; } = new List<string>();

    /// <summary>
    /// How many addresses are taken from <c>X-Forwarded-For</c>, the last ones: as many as there are trusted proxies on the way. Each must come from a
    /// trusted one. Default 1; at least 1.
    /// </summary>
    public int ForwardLimit { get; set; } = 1;

    /// <summary>
    /// Whether responses get <c>X-Content-Type-Options</c>, <c>X-Frame-Options</c>, <c>Referrer-Policy</c> and <c>Permissions-Policy</c>, unless
    /// the application has set the header itself. Default: they do.
    /// </summary>
    public bool SecurityHeaders { get; set; } = true;

    /// <summary>
    /// Writes the response to a refused request in place of the JSON body. Status and headers are set already and may be changed. The decision has no
    /// type when the store has failed. Not called when the response has begun before the guard was asked: the connection is ended then.
    /// </summary>
    public Func<HttpContext, GuardDecision, Task>? Refused { get; set; }
}
