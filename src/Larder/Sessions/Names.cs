using System.Text;

namespace Larder.Sessions;

/// <summary>What callers name: keys, which may be empty here, and session ids, which may not. Refusals speak of them as the caller knows them.</summary>
internal static class Names
{
    /// <exception cref="ArgumentNullException">The key is null.</exception>
    /// <exception cref="ArgumentException">The key holds an unpaired surrogate.</exception>
    internal static string Key(string key) => Checked(key, nameof(key));

    /// <exception cref="ArgumentNullException">The id is null.</exception>
    /// <exception cref="ArgumentException">The id is empty or holds an unpaired surrogate.</exception>
    internal static string SessionId(string sessionId)
    {
        ArgumentNullException.ThrowIfNull(sessionId);
        return sessionId.Length > 0 ? Checked(sessionId, nameof(sessionId)) : throw new ArgumentException("session id cannot be empty", nameof(sessionId));
    }

    /// <summary>The bytes of a text that is to be stored.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">The value holds an unpaired surrogate.</exception>
    internal static byte[] Text(string value)
    {
        ValueCodec.Check(value);
        return Encoding.UTF8.GetBytes(value);
    }

    /// <summary>Whether a store refused the length of a key, of which the caller named only a part.</summary>
    internal static bool IsAbout(StoreLimitException refusal) => refusal.Limit == nameof(StoreOptions.MaxKeyBytes);

    /// <summary>A store measures the whole key; whoever named a part of it is told what is left for that part.</summary>
    internal static StoreLimitException InTermsOf(string name, StoreLimitException refusal)
    {
        int given = Encoding.UTF8.GetByteCount(name);
        long around = refusal.Actual - given;
        return new StoreLimitException($"{refusal.Limit}, less {around} bytes for the place in the store,", Math.Max(0, refusal.Maximum - around), given, "bytes");
    }

    private static string Checked(string name, string parameter)
    {
        ArgumentNullException.ThrowIfNull(name, parameter);
        if (name.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
        {
            Utf8.Prefix(name, parameter);   // pairs are fine, halves are not
        }

        return name;
    }
}
