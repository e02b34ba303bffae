using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Larder.AspNetCore.Middleware;

/// <summary>What the guard is told of a request: text as it reaches the application. The path is the one below the path base, as routes have it.</summary>
internal static class GuardedRequest
{
    internal static GuardRequest Of(HttpContext context, bool isInspected)
    {
        HttpRequest request = context.Request;
        return new GuardRequest(
            context.Connection.RemoteIpAddress,
            request.Headers.UserAgent.ToString(),
            request.Method,
            request.Path.Value ?? "",
            isInspected && request.QueryString.HasValue ? Query(request.QueryString) : [],
            isInspected ? Headers(request.Headers) : []);
    }

    private static List<KeyValuePair<string, string>> Query(QueryString query)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(query.Value))
        {
            pairs.Add(new(pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
        }

        return pairs;
    }

    private static List<KeyValuePair<string, string>> Headers(IHeaderDictionary headers)
    {
        var pairs = new List<KeyValuePair<string, string>>(headers.Count);
        foreach ((string name, StringValues values) in headers)
        {
            foreach (string? value in values)
            {
                pairs.Add(new(name, value ?? ""));
            }
        }

        return pairs;
    }
}
