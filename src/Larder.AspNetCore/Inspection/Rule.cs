using System.Buffers;
using System.Text.RegularExpressions;

namespace Larder.AspNetCore.Inspection;

/// <summary>
/// A regular expression, with sets of words: every match holds a word of each set. The words are searched first, with vector instructions, and keep the
/// expression from nearly all ordinary text. A set is either of single characters or of longer words, because the two are searched in different ways.
/// </summary>
internal sealed class Rule
{
    private readonly SearchValues<char>[] _characters;
    private readonly SearchValues<string>[] _words;
    private readonly Regex _pattern;

    /// <exception cref="ArgumentException">The pattern is none, or cannot run in linear time.</exception>
    internal Rule(string name, string pattern, params string[][] needs)
    {
        Name = name;
        _pattern = Compile(pattern);
        _characters = [.. needs.Where(AreCharacters).Select(characters => SearchValues.Create(string.Concat(characters)))];
        _words = [.. needs.Where(words => !AreCharacters(words)).Select(words => SearchValues.Create(words, StringComparison.OrdinalIgnoreCase))];

        static bool AreCharacters(string[] words) => words.All(word => word.Length == 1);
    }

    /// <summary>What it finds.</summary>
    internal string Name { get; }

    /// <summary>Time linear in the text, whatever the text: an expression that backtracks is itself a way in.</summary>
    /// <exception cref="ArgumentException">The pattern is none.</exception>
    /// <exception cref="NotSupportedException">It cannot run in linear time.</exception>
    internal static Regex Compile(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    internal bool Matches(ReadOnlySpan<char> text)
    {
        foreach (SearchValues<char> characters in _characters)
        {
            if (!text.ContainsAny(characters))
            {
                return false;
            }
        }

        foreach (SearchValues<string> words in _words)
        {
            if (!text.ContainsAny(words))
            {
                return false;
            }
        }

        return MatchesWithoutWords(text);
    }

    /// <summary>The expression alone; a test compares the two.</summary>
    internal bool MatchesWithoutWords(ReadOnlySpan<char> text) => _pattern.IsMatch(text);
}
