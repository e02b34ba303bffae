using System.Text.RegularExpressions;
using Larder.Tests.Shape;
using Xunit;

namespace Larder.AspNetCore.Tests.Guarding;

/// <summary>The tests that docs/coming-from.md names for the guard are there, here or beside the store.</summary>
public sealed partial class ComingFromTests
{
    [Fact]
    public void Every_test_that_is_named_exists()
    {
        string page = File.ReadAllText(Path.Combine(Source.Root, "docs", "coming-from.md"));
        string section = page.Split("## Guard storage and Guard (PyWebGuard)")[1].Split("\n## ")[0];
        string code = string.Concat(new[] { "Larder.Tests", "Larder.AspNetCore.Tests" }.SelectMany(project =>
            Directory.EnumerateFiles(Path.Combine(Source.Root, "tests", project), "*.cs", SearchOption.AllDirectories)).Select(File.ReadAllText));

        string[] named = [.. TestName().Matches(section).Select(match => match.Groups[1].Value).Distinct()];

        Assert.True(named.Length > 20, $"only {named.Length} tests are named");
        string[] missing = [.. named.Where(name => !code.Contains($" {name}(", StringComparison.Ordinal) && !code.Contains($" class {name}", StringComparison.Ordinal))];
        Assert.Empty(missing);
    }

    [GeneratedRegex(@"`([A-Z][a-z]*_\w+|[A-Z]\w+(?:Tests|Contract|Conformance))`")]
    private static partial Regex TestName();
}
