using System.Text;

namespace Larder.Cli.Commands;

/// <summary>
/// A line of the shell into words. Blanks separate; "…" keeps them and knows \n, \t, \\ and \"; '…' keeps everything as it is;
/// outside quotes a backslash takes the next character as it is. A # at the start of a word begins a comment.
/// </summary>
internal static class LineSplitter
{
    /// <summary>The words of a line.</summary>
    /// <exception cref="FormatException">A quote is not closed, or the line ends in a backslash.</exception>
    public static string[] Split(string line)
    {
        var words = new List<string>();
        for (int at = 0; NextWord(line, ref at) is { } word;)
        {
            words.Add(word);
        }

        return [.. words];
    }

    private static string? NextWord(string line, ref int at)
    {
        while (at < line.Length && char.IsWhiteSpace(line[at]))
        {
            at++;
        }

        if (at == line.Length || line[at] == '#')
        {
            return null;
        }

        var word = new StringBuilder();
        while (at < line.Length && !char.IsWhiteSpace(line[at]))
        {
            char character = line[at++];
            switch (character)
            {
                case '\'':
                    Literal(line, ref at, word);
                    break;
                case '"':
                    Quoted(line, ref at, word);
                    break;
                case '\\':
                    word.Append(at < line.Length ? line[at++] : throw new FormatException("the line ends in a backslash."));
                    break;
                default:
                    word.Append(character);
                    break;
            }
        }

        return word.ToString();
    }

    private static void Literal(string line, ref int at, StringBuilder word)
    {
        int end = line.IndexOf('\'', at);
        if (end < 0)
        {
            throw new FormatException("a ' quote is not closed.");
        }

        word.Append(line, at, end - at);
        at = end + 1;
    }

    private static void Quoted(string line, ref int at, StringBuilder word)
    {
        while (at < line.Length)
        {
            char character = line[at++];
            if (character == '"')
            {
                return;
            }

            if (character == '\\' && at < line.Length)
            {
                character = line[at++] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    char other => other,
                };
            }

            word.Append(character);
        }

        throw new FormatException("a \" quote is not closed.");
    }
}
