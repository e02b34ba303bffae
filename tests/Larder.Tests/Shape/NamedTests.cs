using System.Text.RegularExpressions;
using Xunit;

namespace Larder.Tests.Shape;

/// <summary>The tests that docs/coming-from.md names are there, under the names it gives, whichever project they are in.</summary>
internal static partial class NamedTests
{
    /// <summary>The part of the page under a heading of the second level.</summary>
    internal static string Section(string heading) =>
        File.ReadAllText(Path.Combine(Source.Root, "docs", "coming-from.md")).Split($"## {heading}\n")[1].Split("\n## ")[0];

    internal static void ShouldExist(string section, int atLeast)
    {
        string code = string.Concat(Directory.EnumerateFiles(Path.Combine(Source.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        string[] named = [.. Name().Matches(section).SelectMany(match => match.Groups[1].Value.Split('.')).Distinct()];

        Assert.True(named.Length >= atLeast, $"only {named.Length} tests are named");
        string[] missing = [.. named.Where(name => !code.Contains($" {name}(", StringComparison.Ordinal) && !Regex.IsMatch(code, $@" class {name}\b"))];
        Assert.Empty(missing);
    }

    [GeneratedRegex(@"`((?:\w+\.)?[A-Z][a-z]*_\w+|[A-Z]\w+(?:Tests|Contract|Conformance))`")]
    private static partial Regex Name();
}
