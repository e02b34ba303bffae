using Xunit;

namespace Larder.Tests.Issues;

/// <summary>A write that throws has changed nothing; yet one refused because the store is full makes a load under way lose its result.</summary>
public sealed class RefusedWriteOvertakesALoad
{
    [Fact]
    public void A_set_refused_for_want_of_room()
    {
        using var store = new Store(new StoreOptions { MaxBytes = 1_000 });
        store.GetOrAdd("k", key =>
        {
            Assert.Throws<StoreFullException>(() => store.Set(key, new byte[5_000]));
            return "loaded";
        });
        Assert.True(store.Exists("k"));
    }

    [Fact]
    public void A_batch_refused_for_want_of_room()
    {
        using var store = new Store(new StoreOptions { MaxBytes = 1_000 });
        store.GetOrAdd("k", key =>
        {
            Assert.Throws<StoreFullException>(() => store.Write(new WriteBatch().Set(key, "x"u8).Set("other", new byte[5_000])));
            return "loaded";
        });
        Assert.True(store.Exists("k"));
    }
}
