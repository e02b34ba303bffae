using System.Collections.Frozen;

namespace Larder.AspNetCore.Inspection;

/// <summary>Looks through the path, the query and the headers of a request.</summary>
internal sealed class Inspector(PenetrationOptions options)
{
    /// <summary>Headers whose grammar looks like an attack, that say nothing an application would use unescaped, or that are secret.</summary>
    private static readonly string[] _skipped =
    [
        "accept", "accept-charset", "accept-encoding", "accept-language", "accept-ranges", "access-control-request-headers", "access-control-request-method", "authorization",
        "cache-control", "connection", "content-encoding", "content-length", "content-type", "cookie", "date", "dnt", "expect", "host", "if-match", "if-modified-since", "if-none-match",
        "if-range", "if-unmodified-since", "keep-alive", "pragma", "priority", "proxy-authorization", "range", "sec-ch-ua", "sec-ch-ua-arch", "sec-ch-ua-bitness",
        "sec-ch-ua-full-version-list", "sec-ch-ua-mobile", "sec-ch-ua-model", "sec-ch-ua-platform", "sec-ch-ua-platform-version", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site",
        "sec-fetch-user", "sec-websocket-extensions", "sec-websocket-key", "sec-websocket-protocol", "sec-websocket-version", "te", "trailer", "transfer-encoding", "upgrade",
        "upgrade-insecure-requests", "user-agent", "via",
    ];

    private readonly InputRules _rules = new(options.UseDefaultRules, options.Patterns);
    private readonly FrozenSet<string> _skip = _skipped.Concat(options.SkippedHeaders).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    internal bool IsEnabled { get; } = options.Enabled;

    internal bool DetectsOnly { get; } = options.DetectOnly;

    /// <summary>Why a request is suspicious, and which rule said so; null when it is not.</summary>
    internal (string Reason, string Rule)? Inspect(in GuardRequest request)
    {
        if (_rules.Find(request.Path) is { } inPath)
        {
            return ("Suspicious path detected", inPath);
        }

        int parameters = request.Query?.Count ?? 0;
        for (int i = 0; i < parameters; i++)
        {
            (string name, string value) = request.Query![i];
            if ((_rules.Find(name) ?? _rules.Find(value)) is { } inQuery)
            {
                return ("Suspicious query parameter detected", inQuery);
            }
        }

        int headers = request.Headers?.Count ?? 0;
        for (int i = 0; i < headers; i++)
        {
            (string name, string value) = request.Headers![i];
            if (!_skip.Contains(name ?? "") && _rules.Find(value) is { } inHeader)
            {
                return ("Suspicious header detected", inHeader);
            }
        }

        return null;
    }
}
