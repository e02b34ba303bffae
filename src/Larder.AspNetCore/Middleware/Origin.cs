using System.Globalization;

namespace Larder.AspNetCore.Middleware;

/// <summary>Scheme, host and port, or a set of them: <c>*.example.com</c> is every host below a domain, whatever the scheme and port; <c>https://*.example.com</c> keeps to both.</summary>
/// <param name="Scheme">In lower case; empty for any.</param>
/// <param name="Host">In lower case; begins with a dot when it stands for everything below.</param>
/// <param name="Port">0 for any.</param>
internal sealed record Origin(string Scheme, string Host, int Port)
{
    private const string Below = "*.";

    /// <summary>Null when the text is no origin: with a path, credentials or anything else behind the port as well.</summary>
    internal static Origin? Parse(string text)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        string authority = scheme < 0 ? text : text[(scheme + 3)..];
        bool isBelow = authority.StartsWith(Below, StringComparison.Ordinal);
        if (scheme < 0 && !isBelow)
        {
            return text == "null" ? new Origin("null", "", 0) : null;   // what browsers say for files and sandboxed frames
        }

        string whole = $"{(scheme < 0 ? "any" : text[..scheme])}://{(isBelow ? authority[Below.Length..] : authority)}";
        if (!Uri.TryCreate(whole, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0 || !IsBare(uri, whole))
        {
            return null;
        }

        return new Origin(scheme < 0 ? "" : uri.Scheme, (isBelow ? "." : "") + uri.IdnHost.ToLowerInvariant(), Math.Max(uri.Port, 0));
    }

    /// <summary>Whether the origin of a request is this one, or one of these.</summary>
    internal bool Covers(Origin asked) =>
        (Scheme.Length == 0 || Scheme == asked.Scheme)
        && ((Scheme.Length == 0 && Port == 0) || Port == asked.Port)
        && (Host.StartsWith('.') ? asked.Host.Length > Host.Length && asked.Host.EndsWith(Host, StringComparison.Ordinal) : Host == asked.Host);

    /// <summary>Nothing stands behind host and port, not even a slash.</summary>
    private static bool IsBare(Uri uri, string whole)
    {
        int end = whole.Length;
        string port = uri.Port < 0 ? "" : ":" + uri.Port.ToString(CultureInfo.InvariantCulture);
        return whole.AsSpan(whole.IndexOf("://", StringComparison.Ordinal) + 3).IndexOfAny('/', '?', '#') < 0 && whole[end - 1] != ':' && (port.Length == 0 || uri.IsDefaultPort || whole.EndsWith(port, StringComparison.Ordinal));
    }
}
