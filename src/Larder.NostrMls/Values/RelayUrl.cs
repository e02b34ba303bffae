using System.Text.Json.Serialization;
using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>
/// The address of a relay: an absolute URL with the scheme ws or wss. Compared, ordered and hashed as the parsed URL, so that the case of the host, the scheme's own
/// port and an empty path or "/" make no difference; its text is as it was given.
/// </summary>
[JsonConverter(typeof(RelayUrlJson))]
public sealed class RelayUrl : IEquatable<RelayUrl>, IComparable<RelayUrl>
{
    private readonly string _canonical;

    private RelayUrl(string text, Uri parsed)
    {
        Text = text;
        _canonical = parsed.AbsoluteUri;
    }

    /// <summary>The text as it was given.</summary>
    public string Text { get; }

    /// <summary>Reads a relay's address.</summary>
    /// <exception cref="MlsStoreException">InvalidParameters: the text is no absolute ws or wss URL, or has "://" more than once.</exception>
    public static RelayUrl Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out RelayUrl? url) ? url : throw MlsStoreException.Invalid("Invalid relay URL: it must be one absolute URL with the scheme ws or wss");
    }

    /// <summary>Reads a relay's address; false when the text is none.</summary>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RelayUrl? url)
    {
        url = null;
        if (text is not null
            && text.AsSpan().Trim().Length == text.Length
            && text.AsSpan().Count("://") == 1
            && Uri.TryCreate(text, UriKind.Absolute, out Uri? parsed)
            && parsed.Scheme is "ws" or "wss"
            && parsed.Host.Length > 0)
        {
            url = new RelayUrl(text, parsed);
        }

        return url is not null;
    }

    /// <inheritdoc/>
    public bool Equals(RelayUrl? other) => other is not null && string.Equals(_canonical, other._canonical, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RelayUrl);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_canonical);

    /// <summary>By the parsed URL, ordinal.</summary>
    public int CompareTo(RelayUrl? other) => other is null ? 1 : string.CompareOrdinal(_canonical, other._canonical);

    /// <summary>The text as it was given.</summary>
    public override string ToString() => Text;

    /// <summary>Whether both are the same parsed URL.</summary>
    public static bool operator ==(RelayUrl? left, RelayUrl? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they are different URLs.</summary>
    public static bool operator !=(RelayUrl? left, RelayUrl? right) => !(left == right);

    /// <summary>By the parsed URL.</summary>
    public static bool operator <(RelayUrl? left, RelayUrl? right) => left is null ? right is not null : left.CompareTo(right) < 0;

    /// <summary>By the parsed URL.</summary>
    public static bool operator >(RelayUrl? left, RelayUrl? right) => right < left;

    /// <summary>By the parsed URL.</summary>
    public static bool operator <=(RelayUrl? left, RelayUrl? right) => !(right < left);

    /// <summary>By the parsed URL.</summary>
    public static bool operator >=(RelayUrl? left, RelayUrl? right) => !(left < right);
}
