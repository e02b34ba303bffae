using Larder.Tests.Shape;
using Xunit;

namespace Larder.AspNetCore.Tests.Guarding;

/// <summary>The tests that docs/coming-from.md names for the guard are there, here or beside the store.</summary>
public sealed class ComingFromTests
{
    [Fact]
    public void Every_test_that_is_named_exists() => NamedTests.ShouldExist(NamedTests.Section("Guard storage and Guard (PyWebGuard)"), atLeast: 20);
}
