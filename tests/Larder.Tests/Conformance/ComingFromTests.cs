using System.Text.RegularExpressions;
using Larder.Tests.Shape;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>The tests that docs/coming-from.md names are there, under the names it gives.</summary>
public sealed partial class ComingFromTests
{
    [Theory]
    [InlineData("Key-value store with prefix scan (clavis)")]
    [InlineData("Persistent cache (cache_ro)")]
    [InlineData("Script and session storage (TitanPL)")]
    public void Every_test_that_is_named_exists(string section)
    {
        string page = File.ReadAllText(Path.Combine(Source.Root, "docs", "coming-from.md"));
        string text = page.Split($"## {section}")[1].Split("\n## ")[0];
        HashSet<string> tests =
        [
            .. typeof(ComingFromTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Select(method => $"{method.DeclaringType!.Name.Split('`')[0]}.{method.Name}"),
        ];

        string[] named = [.. TestName().Matches(text).Select(match => match.Groups[1].Value).Distinct()];

        Assert.True(named.Length > 10);
        Assert.Empty(named.Except(tests));
    }

    [GeneratedRegex(@"`(\w+\.[A-Z][a-z]*_\w+)`")]
    private static partial Regex TestName();
}
