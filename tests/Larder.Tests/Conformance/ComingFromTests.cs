using Larder.Tests.Shape;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>The tests that docs/coming-from.md names are there.</summary>
public sealed class ComingFromTests
{
    [Theory]
    [InlineData("Key-value store with prefix scan (clavis)")]
    [InlineData("Persistent cache (cache_ro)")]
    [InlineData("Script and session storage (TitanPL)")]
    public void Every_test_that_is_named_exists(string heading) => NamedTests.ShouldExist(NamedTests.Section(heading), atLeast: 10);
}
