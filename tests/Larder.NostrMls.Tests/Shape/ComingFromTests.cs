using System.Text.RegularExpressions;
using Larder.Tests.Shape;
using Xunit;

namespace Larder.NostrMls.Tests.Shape;

/// <summary>What docs/coming-from.md says of this package is so: the tests and the members that it names are there.</summary>
public sealed partial class ComingFromTests
{
    private static readonly string _section = File.ReadAllText(Path.Combine(Source.Root, "docs", "coming-from.md")).Split("## Nostr MLS storage (nostr-mls-storage, MDK, OpenMLS)")[1].Split("\n## ")[0];

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        HashSet<string> tests = [.. typeof(ComingFromTests).Assembly.GetTypes().SelectMany(type => type.GetMethods().Select(method => method.Name).Append(type.Name))];
        string[] named = [.. TestName().Matches(_section).Select(match => match.Groups[1].Value).Distinct()];

        Assert.True(named.Length > 40, $"only {named.Length} tests are named");
        Assert.Empty(named.Except(tests));
    }

    [Fact]
    public void Every_method_of_the_engine_is_in_the_table()
    {
        IEnumerable<string> members = typeof(IMlsStorage).GetMethods().Where(method => !method.IsSpecialName).Select(method => method.Name);
        Assert.All(members.Except([nameof(IMlsStorage.DeleteAllForGroup)]), member => Assert.Contains($"`{member}", _section, StringComparison.Ordinal));
        string table = _section.Split("### OpenMLS")[1].Split("### ")[0];
        Assert.Equal(53, table.Split('\n').Count(line => line.StartsWith("| `", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"`([A-Z][a-z]*_\w+|[A-Z]\w+Tests)`")]
    private static partial Regex TestName();
}
