using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Larder.Sessions;

/// <summary>What an id leads to: the token under which the session's ledger and data stand, and when it was last renewed, in ticks of UTC.</summary>
internal readonly record struct SessionHeader(string Id, string Token, long RenewedAt, long Version, DateTimeOffset? ExpiresAt);

/// <summary>What stands under a token besides the data: whose it is, and how many keys there are.</summary>
internal readonly record struct SessionLedger(string Token, string Id, int Keys, long Version, DateTimeOffset? ExpiresAt);

/// <summary>
/// Where a session stands in the store, and how. Durable stores hold it, so it is a format, told in docs/guide/sessions.md.
/// A token has one length, so a key cannot reach into another session, whatever it is made of.
/// </summary>
internal static class SessionLayout
{
    internal const string Ledgers = Root + "l:";

    private const string Root = "session:";
    private const int IdBytes = 32;       // nobody guesses 256 bits
    private const int TokenBytes = 16;    // and nobody meets 128 twice

    internal static string NewId() => Random(IdBytes);

    internal static string NewToken() => Random(TokenBytes);

    internal static string HeaderOf(string id) => Root + "h:" + id;

    internal static string LedgerOf(string token) => Ledgers + token;

    internal static string DataOf(string token, string key = "") => Root + "d:" + token + ":" + key;

    internal static WriteBatch SetHeader(this WriteBatch batch, string id, string token, long renewedAt, Expiry expiry) =>
        batch.SetText(HeaderOf(id), string.Create(CultureInfo.InvariantCulture, $"{token} {renewedAt}"), expiry);

    internal static WriteBatch SetLedger(this WriteBatch batch, string token, string id, int keys, Expiry expiry) =>
        batch.SetText(LedgerOf(token), string.Create(CultureInfo.InvariantCulture, $"{keys} {id}"), expiry);

    internal static SessionHeader Header(string id, in Entry entry)
    {
        (string token, string renewedAt) = Halves(entry);
        return long.TryParse(renewedAt, NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
            ? new SessionHeader(id, token, ticks, entry.Version, entry.ExpiresAt)
            : throw Foreign(entry);
    }

    internal static SessionLedger Ledger(in Entry entry)
    {
        (string keys, string id) = Halves(entry);
        return int.TryParse(keys, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? new SessionLedger(entry.Key[Ledgers.Length..], id, count, entry.Version, entry.ExpiresAt)
            : throw Foreign(entry);
    }

    private static (string First, string Second) Halves(in Entry entry)
    {
        string text = Encoding.UTF8.GetString(entry.Value.Span);
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 ? (text[..space], text[(space + 1)..]) : throw Foreign(entry);
    }

    private static WriteBatch SetText(this WriteBatch batch, string place, string text, Expiry expiry) =>
        batch.SetOwned(place, Encoding.UTF8.GetBytes(text), expiry, ValueKind.Text);

    private static string Random(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>The id, which the place holds, is a secret.</summary>
    private static InvalidOperationException Foreign(in Entry entry) =>
        new($"version {entry.Version} of an entry of session storage is none of its own: something else writes below '{Root}'.");
}
