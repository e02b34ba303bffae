using System.Globalization;
using System.Text;

namespace Larder.Cli.Commands;

/// <summary>Entries as people read them.</summary>
internal static class EntryText
{
    /// <summary>Longer values are cut in lists, where the next entry matters more; JSON and <c>get</c> show all of it.</summary>
    private const int MaxListedCharacters = 200;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The value as text, or null when its bytes are no UTF-8.</summary>
    public static string? TextOf(ReadOnlyMemory<byte> value) =>
        System.Text.Unicode.Utf8.IsValid(value.Span) ? _strict.GetString(value.Span) : null;

    /// <summary>The whole value: text as it is, anything else in base64.</summary>
    public static string Whole(in Entry entry) => TextOf(entry.Value) ?? "base64:" + Convert.ToBase64String(entry.Value.Span);

    /// <summary>One line for a list.</summary>
    public static string Line(in Entry entry, Terminal terminal) =>
        $"{terminal.Strong(Escape(entry.Key))} = {Listed(entry)}  {terminal.Dim(Remarks(entry))}";

    /// <summary>One line for a history, where the key is known.</summary>
    public static string VersionLine(in Entry entry, Terminal terminal) =>
        $"{terminal.Strong(entry.Version.ToString(CultureInfo.InvariantCulture))}: {Listed(entry)}  {terminal.Dim(Remarks(entry, withVersion: false))}";

    /// <summary>What happened to the deadline, to follow a sentence.</summary>
    public static string Deadline(DateTimeOffset? expiresAt) => expiresAt is { } moment ? $", expires {Moment(moment)}" : "";

    /// <summary>Text that can be printed on one line: control characters and the backslash appear as escapes.</summary>
    public static string Escape(string text)
    {
        if (!text.Any(character => char.IsControl(character) || character == '\\'))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 8);
        foreach (char character in text)
        {
            _ = character switch
            {
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                '\\' => escaped.Append("\\\\"),
                _ when char.IsControl(character) => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Text for a terminal: lines and tabs stay, but a value cannot move the cursor, change colours or ring the bell.</summary>
    public static string Harmless(string text) =>
        string.Create(text.Length, text, static (shown, original) =>
        {
            for (int i = 0; i < original.Length; i++)
            {
                shown[i] = char.IsControl(original[i]) && original[i] is not ('\n' or '\t') ? '\uFFFD' : original[i];
            }
        });

    private static string Listed(in Entry entry)
    {
        string text = TextOf(entry.Value) is { } known ? Escape(known) : Whole(entry);
        return text.Length <= MaxListedCharacters ? text : $"{text[..MaxListedCharacters]}… ({entry.Value.Length:N0} bytes)";
    }

    private static string Remarks(in Entry entry, bool withVersion = true) =>
        $"({(withVersion ? $"version {entry.Version}, " : "")}{JsonEntry.NameOf(entry.Kind)}{Deadline(entry.ExpiresAt)})";

    private static string Moment(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
