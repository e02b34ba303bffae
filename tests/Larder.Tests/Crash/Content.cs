using System.Globalization;
using System.Text;

namespace Larder.Tests.Crash;

/// <summary>All that readers find in a store at one moment: entries, versions, deadlines, history. Two of them are compared by digest.</summary>
internal sealed class Content
{
    private readonly List<Key> _keys = [];

    /// <summary>Reads a store from end to end.</summary>
    public static Content Of(IStore store, bool withHistory)
    {
        var content = new Content();
        foreach (Entry entry in store.Scan())
        {
            content.Add(entry, withHistory ? store.History(entry.Key) : []);
        }

        return content;
    }

    /// <summary>The next key in order, with its history from the present version on, if that matters.</summary>
    public void Add(in Entry entry, IReadOnlyList<Entry> history)
    {
        ulong digest = Digest.Of(entry.Utf8Key.Span) ^ Of(entry);
        foreach (Entry version in history)
        {
            digest = Digest.Mix(digest) + Of(version);
        }

        _keys.Add(new Key(entry, digest, [.. history.Skip(1)]));
    }

    /// <summary>The digest of what is left of it at a time.</summary>
    public ulong DigestAt(DateTimeOffset now)
    {
        ulong digest = 0;
        foreach (Key key in _keys)
        {
            if (key.Entry.ExpiresAt is not { } deadline || deadline > now)
            {
                digest = Digest.Mix(digest) + key.Digest;
            }
        }

        return digest;
    }

    /// <summary>Whether readers cannot tell them apart at a time.</summary>
    public bool SameAt(DateTimeOffset now, Content other) => DigestAt(now) == other.DigestAt(now);

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (Key key in _keys)
        {
            text.Append("  ").Append(key.Entry.Key).Append(" = ").Append(Text(key.Entry));
            foreach (Entry older in key.Older)
            {
                text.Append(", before ").Append(Text(older));
            }

            text.Append('\n');
        }

        return text.Length == 0 ? "  nothing\n" : text.ToString();
    }

    private static ulong Of(in Entry entry) =>
        Digest.Mix(Digest.Of(entry.Value.Span) + ((ulong)entry.Version << 8) + (ulong)entry.Kind) ^ Digest.Mix((ulong)(entry.ExpiresAt?.UtcTicks ?? 0));

    private static string Text(in Entry entry)
    {
        ReadOnlySpan<byte> value = entry.Value.Span;
        string deadline = entry.ExpiresAt is { } at ? string.Create(CultureInfo.InvariantCulture, $" until {at:O}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexString(value[..Math.Min(8, value.Length)])} ({value.Length} bytes), version {entry.Version}{deadline}");
    }

    private readonly record struct Key(Entry Entry, ulong Digest, IReadOnlyList<Entry> Older);
}
