using Xunit;

namespace Larder.Tests.Issues;

/// <summary>TryGet of an absent key gives default(Entry), whose ExpiresAt should be null; it is 0001-01-01. The same for default(Change).</summary>
public sealed class DefaultEntryExpiredInTheYearOne
{
    [Fact]
    public void Entry() => Assert.Null(default(Entry).ExpiresAt);

    [Fact]
    public void Change() => Assert.Null(default(Change).ExpiresAt);
}
