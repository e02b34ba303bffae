using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Larder.AspNetCore.Middleware;

/// <summary>Headers that narrow what a browser does with a response. What the application has set itself stays.</summary>
internal static class SecurityHeaders
{
    internal static void AddTo(IHeaderDictionary response)
    {
        response.TryAdd(HeaderNames.XContentTypeOptions, "nosniff");
        response.TryAdd(HeaderNames.XFrameOptions, "DENY");
        response.TryAdd("Referrer-Policy", "strict-origin-when-cross-origin");
        response.TryAdd("Permissions-Policy", "geolocation=(), microphone=(), camera=()");
    }
}
