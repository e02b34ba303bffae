using Larder.AspNetCore;
using Larder.AspNetCore.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The guard in the pipeline of a web application.</summary>
public static class GuardApplicationBuilderExtensions
{
    /// <summary>
    /// Asks the guard that <c>AddGuard</c> registered about every request that comes by. Put it first, behind an exception handler and before static files,
    /// routing and authentication.
    /// </summary>
    /// <remarks>
    /// <para>A request that may pass is handed on unchanged; what answers it gets security headers and, for other origins, those of CORS. A refused one is answered
    /// with 429 (rate limit; <c>Retry-After</c>, <c>X-RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c>) or 403, and JSON
    /// <c>{ error, reason, timestamp, path, method }</c>, unless <see cref="GuardWebOptions.Refused"/> writes another answer. Preflights of CORS are
    /// answered here, those of banned clients refused like their other requests.</para>
    /// <para>Patterns of limits and exclusions are matched with the path below the path base, as routes are.</para>
    /// <para>The client is who connects, or whom a trusted proxy names (<see cref="GuardWebOptions.TrustedProxies"/>).</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><c>AddGuard</c> was not called.</exception>
    public static IApplicationBuilder UseGuard(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.ApplicationServices.GetService<IServiceProviderIsService>()?.IsService(typeof(Guard)) == false)
        {
            throw new InvalidOperationException("UseGuard needs the services of AddGuard: call builder.Services.AddGuard() first.");
        }

        return app.UseMiddleware<GuardMiddleware>();
    }
}
