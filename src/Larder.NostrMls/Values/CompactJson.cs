using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Larder.NostrMls.Values;

/// <summary>
/// Compact JSON of events and tags, as Nostr computes ids over it: only quotes, backslashes and control characters below U+0020 are escaped. The platform's writer escapes more,
/// so that sizes would differ. Limits need only the size: it is counted, and no text is made.
/// </summary>
internal static class CompactJson
{
    private const int HexPair = 2 * Bytes32.Size + 2;   // with its quotes
    private const int Frame = 256;   // more than an event without its tags and content

    internal static string TextOf(Tags tags)
    {
        var text = new StringBuilder();
        Append(text, tags);
        return text.ToString();
    }

    internal static string TextOf(UnsignedEvent unsigned)
    {
        var text = new StringBuilder("{");
        if (unsigned.Id is { } id)
        {
            text.Append("\"id\":\"").Append(id.ToHex()).Append("\",");
        }

        text.Append("\"pubkey\":\"").Append(unsigned.PubKey.ToHex()).Append("\",\"created_at\":").Append(unsigned.CreatedAt.Value.ToString(CultureInfo.InvariantCulture))
            .Append(",\"kind\":").Append(unsigned.Kind.ToString(CultureInfo.InvariantCulture)).Append(",\"tags\":");
        Append(text, unsigned.Tags);
        text.Append(",\"content\":");
        Append(text, unsigned.Content);
        return text.Append('}').ToString();
    }

    /// <summary>Whether that many bytes of UTF-8 are enough. Nearly always the numbers of characters say so already: each takes six bytes at most.</summary>
    internal static bool Fits(Tags tags, int limit, out long size)
    {
        size = 0;
        return MostOf(tags) <= limit || (size = SizeOf(tags)) <= limit;
    }

    /// <inheritdoc cref="Fits(Tags, int, out long)"/>
    internal static bool Fits(UnsignedEvent unsigned, int limit, out long size)
    {
        size = 0;
        return Frame + MostOf(unsigned.Tags) + MostOf(unsigned.Content) <= limit || (size = SizeOf(unsigned)) <= limit;
    }

    /// <summary>Bytes of UTF-8.</summary>
    internal static long SizeOf(Tags tags)
    {
        long size = 2 + Math.Max(0, tags.Count - 1);
        foreach (ImmutableArray<string> tag in tags)
        {
            size += 2 + Math.Max(0, tag.Length - 1);
            foreach (string text in tag)
            {
                size += SizeOf(text);
            }
        }

        return size;
    }

    /// <summary>Bytes of UTF-8.</summary>
    internal static long SizeOf(UnsignedEvent unsigned) =>
        "{}".Length
        + (unsigned.Id is null ? 0 : "\"id\":,".Length + HexPair)
        + "\"pubkey\":,\"created_at\":,\"kind\":,\"tags\":,\"content\":".Length + HexPair
        + DigitsOf(unsigned.CreatedAt.Value) + DigitsOf(unsigned.Kind)
        + SizeOf(unsigned.Tags) + SizeOf(unsigned.Content);

    private static long MostOf(Tags tags)
    {
        long most = 2;
        foreach (ImmutableArray<string> tag in tags)
        {
            most += 3;
            foreach (string text in tag)
            {
                most += 1 + MostOf(text);
            }
        }

        return most;
    }

    private static long MostOf(string text) => 2 + (6L * text.Length);

    private static long SizeOf(string text)
    {
        long size = 2 + Encoding.UTF8.GetByteCount(text);
        ReadOnlySpan<char> rest = text;
        for (int at = NextEscaped(rest); at >= 0; at = NextEscaped(rest))
        {
            size += Short(rest[at]) == '\0' ? 5 : 1;
            rest = rest[(at + 1)..];
        }

        return size;
    }

    private static void Append(StringBuilder text, Tags tags)
    {
        text.Append('[');
        for (int i = 0; i < tags.Count; i++)
        {
            text.Append(i == 0 ? "[" : ",[");
            for (int j = 0; j < tags[i].Length; j++)
            {
                text.Append(j == 0 ? "" : ",");
                Append(text, tags[i][j]);
            }

            text.Append(']');
        }

        text.Append(']');
    }

    private static void Append(StringBuilder text, string value)
    {
        text.Append('"');
        ReadOnlySpan<char> rest = value;
        for (int at = NextEscaped(rest); at >= 0; at = NextEscaped(rest))
        {
            text.Append(rest[..at]).Append('\\');
            if (Short(rest[at]) is not '\0' and char letter)
            {
                text.Append(letter);
            }
            else
            {
                text.Append("u00").Append(((int)rest[at]).ToString("x2", CultureInfo.InvariantCulture));
            }

            rest = rest[(at + 1)..];
        }

        text.Append(rest).Append('"');
    }

    private static int NextEscaped(ReadOnlySpan<char> text)
    {
        int control = text.IndexOfAnyInRange('\0', '\u001f');
        int special = (control < 0 ? text : text[..control]).IndexOfAny('"', '\\');
        return special >= 0 ? special : control;
    }

    /// <summary>The letter of an escape of two characters; none for one of six.</summary>
    private static char Short(char escaped) => escaped switch
    {
        '"' or '\\' => escaped,
        '\b' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\f' => 'f',
        '\r' => 'r',
        _ => '\0',
    };

    private static int DigitsOf(ulong number)
    {
        int digits = 1;
        for (; number >= 10; number /= 10)
        {
            digits++;
        }

        return digits;
    }
}
