using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Larder.AspNetCore.Middleware;

/// <summary>The answer to a request that may not pass. The order of the members is that of the body.</summary>
internal sealed record Refusal(string Error, string Reason, DateTimeOffset Timestamp, string Path, string Method)
{
    private const string Unavailable = "Guard unavailable";

    /// <summary>What is said when the store has failed and nothing was decided.</summary>
    internal static GuardDecision OfFailure { get; } = new(Allowed: false, Type: null, Unavailable, RateLimit: null);

    /// <summary>Status and headers; the body is the caller's.</summary>
    internal static void Prepare(HttpResponse response, in GuardDecision decision, DateTimeOffset now)
    {
        response.StatusCode = decision.Type switch
        {
            GuardDecisionType.RateLimit => StatusCodes.Status429TooManyRequests,
            null => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status403Forbidden,
        };
        response.Headers.CacheControl = "no-store";
        if (decision is { Type: GuardDecisionType.RateLimit, RateLimit: { } limit })
        {
            response.Headers[HeaderNames.RetryAfter] = Text(Math.Max(1, limit.Reset - now.ToUnixTimeSeconds()));
            response.Headers["X-RateLimit-Limit"] = Text(limit.Limit);
            response.Headers["X-RateLimit-Remaining"] = Text(limit.Remaining);
            response.Headers["X-RateLimit-Reset"] = Text(limit.Reset);
        }
    }

    /// <summary>The body in JSON; a HEAD gets its length only.</summary>
    internal static async Task WriteAsync(HttpContext context, GuardDecision decision, DateTimeOffset now)
    {
        HttpRequest request = context.Request;
        var refusal = new Refusal("Request blocked", decision.Reason ?? Unavailable, now, (request.PathBase + request.Path).Value ?? "", request.Method);
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(refusal, RefusalJson.Default.Refusal);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(request.Method))
        {
            await context.Response.Body.WriteAsync(body).ConfigureAwait(false);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Generated, so that it works in trimmed programs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class RefusalJson : JsonSerializerContext;
