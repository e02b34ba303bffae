using Xunit;

namespace Larder.Tests.Issues;

/// <summary>The contract of TryGet names ValueKindException for bytes that are no T; a counter too large for T gives OverflowException, nint an InvalidCastException.</summary>
public sealed class CounterReadAsASmallerNumberOverflows
{
    [Fact]
    public void Too_large()
    {
        using var store = new Store();
        store.Increment("k", 300);
        Assert.Throws<ValueKindException>(() => store.TryGet("k", out byte _));
    }

    [Fact]
    public void Native_integer()
    {
        using var store = new Store();
        store.Increment("k", 300);
        Assert.IsNotType<InvalidCastException>(Record.Exception(() => store.TryGet("k", out nint _)));
    }
}
