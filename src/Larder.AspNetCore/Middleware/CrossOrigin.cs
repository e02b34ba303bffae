using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Larder.AspNetCore.Middleware;

/// <summary>Answers for scripts of other origins, after the CORS protocol of the Fetch standard (https://fetch.spec.whatwg.org/#http-cors-protocol).</summary>
internal sealed class CrossOrigin
{
    private const string Any = "*";

    private readonly Origin[] _origins;
    private readonly bool _isForAll;
    private readonly bool _allowsCredentials;
    private readonly string? _methods;
    private readonly string? _headers;
    private readonly string _maxAge;

    internal CrossOrigin(GuardCorsOptions options)
    {
        IList<string> origins = options.AllowedOrigins ?? [Any];
        _isForAll = origins.Contains(Any);
        _origins = [.. origins.Where(origin => origin != Any).Select(origin => Origin.Parse(origin)!)];
        _allowsCredentials = options.AllowCredentials;
        _methods = List(options.AllowedMethods ?? ["GET", "POST", "PUT", "DELETE", "OPTIONS"]);
        _headers = List(options.AllowedHeaders ?? [Any]);
        _maxAge = ((long)options.MaxAge.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Everything that is wrong with the options, a phrase each.</summary>
    internal static IEnumerable<string> Problems(GuardCorsOptions options) =>
        (options.AllowedOrigins ?? []).Where(origin => origin != Any && Origin.Parse(origin) is null)
            .Select(origin => $"Cors.AllowedOrigins has '{origin}', which is neither an origin such as https://example.com, nor *.example.com, nor *");

    /// <summary>A browser's question before the request itself; the application does not get to see it.</summary>
    internal static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.ContainsKey(HeaderNames.Origin) && request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod);

    /// <summary>Adds what tells a browser that the origin of the request may read the answer; nothing for other origins, nothing if the application has answered itself.</summary>
    internal void Answer(HttpRequest request, IHeaderDictionary response)
    {
        if (!_isForAll)
        {
            Vary(response, HeaderNames.Origin);   // for every origin: a cache must not hand one's answer to another
        }

        if (request.Headers.Origin is not [{ Length: > 0 } origin] || response.ContainsKey(HeaderNames.AccessControlAllowOrigin) || !Allows(origin))
        {
            return;
        }

        response.AccessControlAllowOrigin = _isForAll && !_allowsCredentials ? Any : origin;
        if (_allowsCredentials)
        {
            response.AccessControlAllowCredentials = "true";
        }

        if (IsPreflight(request))
        {
            AnswerPreflight(request, response);
        }
    }

    private void AnswerPreflight(HttpRequest request, IHeaderDictionary response)
    {
        response.AccessControlAllowMethods = _methods ?? Asked(HeaderNames.AccessControlRequestMethod);
        StringValues headers = _headers ?? Asked(HeaderNames.AccessControlRequestHeaders);
        if (headers.Count > 0)
        {
            response.AccessControlAllowHeaders = headers;
        }

        response.AccessControlMaxAge = _maxAge;

        // What is asked for is echoed, because to a browser "*" means neither credentials nor the header Authorization.
        StringValues Asked(string name)
        {
            Vary(response, name);
            return request.Headers[name];
        }
    }

    private bool Allows(string origin) => _isForAll || (Origin.Parse(origin) is { } asked && _origins.Any(allowed => allowed.Covers(asked)));

    private static string? List(IList<string> allowed) => allowed.Contains(Any) ? null : string.Join(", ", allowed);

    private static void Vary(IHeaderDictionary response, string name)
    {
        if (!response.GetCommaSeparatedValues(HeaderNames.Vary).Any(present => present == Any || present.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            response.Append(HeaderNames.Vary, name);
        }
    }
}
