using System.Buffers;
using System.Text.RegularExpressions;

namespace Larder.AspNetCore.Inspection;

/// <summary>Searches text for what has no business there.</summary>
internal sealed class InputRules
{
    /// <summary>How often text that was decoded is decoded again: double encoding is the commonest way around a filter.</summary>
    private const int MostDecodings = 2;

    // The rules never change, and to make them takes milliseconds; so they are made once.
    private static readonly Rule[] _default = [.. SqlRules.All(), .. ScriptRules.All(), .. TraversalRules.All(), .. ShellRules.All()];

    /// <summary>Every match of a default rule holds one of these signs or words; most text has none and is done. The percent sign is there for what it may hide.</summary>
    private static readonly SearchValues<char> _signs = SearchValues.Create(" \t\r\n\v\f\u00A0\0'\"`;|&<()$*+%:");

    private static readonly SearchValues<string> _words = SearchValues.Create(["..", "etc/", "proc/", "/dev/"], StringComparison.OrdinalIgnoreCase);

    private readonly Rule[] _rules;
    private readonly Regex[] _patterns;

    /// <summary>Takes patterns that have no problem.</summary>
    internal InputRules(bool useDefaultRules, IEnumerable<string> patterns)
    {
        _rules = useDefaultRules ? _default : [];
        _patterns = [.. patterns.Select(Rule.Compile)];
    }

    /// <summary>The rules that come with the guard; for tests.</summary>
    internal static IReadOnlyList<Rule> Default => _default;

    /// <summary>What was found first; null when nothing was.</summary>
    internal string? Find(string? text)
    {
        for (int decodings = 0; !string.IsNullOrEmpty(text); decodings++)
        {
            foreach (Regex pattern in _patterns)
            {
                if (pattern.IsMatch(text))
                {
                    return "a pattern of its own";
                }
            }

            if ((text.AsSpan().ContainsAny(_signs) || text.AsSpan().ContainsAny(_words)) && FindByRule(text) is { } found)
            {
                return found;
            }

            string decoded = decodings < MostDecodings && text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;
            text = decoded.Length < text.Length ? decoded : null;
        }

        return null;
    }

    private string? FindByRule(ReadOnlySpan<char> text)
    {
        foreach (Rule rule in _rules)
        {
            if (rule.Matches(text))
            {
                return rule.Name;
            }
        }

        return null;
    }
}
