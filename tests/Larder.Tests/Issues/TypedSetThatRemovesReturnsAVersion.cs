using Xunit;

namespace Larder.Tests.Issues;

/// <summary>Set of bytes says 0 when the expiry removed the key at once; the typed Set and TryUpdate, which write batches, say the commit's sequence.</summary>
public sealed class TypedSetThatRemovesReturnsAVersion
{
    [Fact]
    public void Set_of_bytes_returns_0()
    {
        using var store = new Store();
        store.Set("k", "x"u8);
        Assert.Equal(0, store.Set("k", "y"u8, TimeSpan.Zero));
    }

    [Fact]
    public void Typed_set_returns_0()
    {
        using var store = new Store();
        store.Set("k", "x"u8);
        Assert.Equal(0, store.Set("k", "y", TimeSpan.Zero));
    }

    [Fact]
    public void Typed_update_returns_0()
    {
        using var store = new Store();
        long version = store.Set("k", "x"u8);
        Assert.Equal(new WriteResult(true, 0), store.TryUpdate("k", "y", version, TimeSpan.Zero));
    }
}
