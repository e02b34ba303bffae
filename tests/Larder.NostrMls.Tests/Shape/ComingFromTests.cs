using Larder.Tests.Shape;
using Xunit;

namespace Larder.NostrMls.Tests.Shape;

/// <summary>What docs/coming-from.md says of this package is so: the tests and the members that it names are there.</summary>
public sealed class ComingFromTests
{
    private static readonly string _section = NamedTests.Section("Nostr MLS storage (nostr-mls-storage, MDK, OpenMLS)");

    [Fact]
    public void Every_test_that_is_named_exists() => NamedTests.ShouldExist(_section, atLeast: 40);

    [Fact]
    public void Every_method_of_the_engine_is_in_the_table()
    {
        IEnumerable<string> members = typeof(IMlsStorage).GetMethods().Where(method => !method.IsSpecialName).Select(method => method.Name);
        Assert.All(members.Except([nameof(IMlsStorage.DeleteAllForGroup)]), member => Assert.Contains($"`{member}", _section, StringComparison.Ordinal));
        string table = _section.Split("### OpenMLS")[1].Split("### ")[0];
        Assert.Equal(53, table.Split('\n').Count(line => line.StartsWith("| `", StringComparison.Ordinal)));
    }
}
