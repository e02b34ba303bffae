using Xunit;

namespace Larder.Tests.Issues;

/// <summary>Design: Remove and Clear end the history. Followed by a set in the same batch they do not.</summary>
public sealed class RemoveInABatchDoesNotEndTheHistory
{
    [Fact]
    public void Remove_then_set()
    {
        using var store = new Store(new StoreOptions { VersionsToKeep = 5 });
        store.Set("k", "old secret"u8);
        store.Write(new WriteBatch().Remove("k").Set("k", "new"u8));
        Assert.Single(store.History("k"));
    }

    [Fact]
    public void Clear_of_a_scope_then_set()
    {
        using var store = new Store(new StoreOptions { VersionsToKeep = 5 });
        IStore scope = store.Scope("s:");
        scope.Set("k", "old secret"u8);
        scope.Write(new WriteBatch().Clear().Set("k", "new"u8));
        Assert.Single(scope.History("k"));
    }

    [Fact]
    public void Clear_of_the_store_then_set()
    {
        using var store = new Store(new StoreOptions { VersionsToKeep = 5 });
        store.Set("k", "old secret"u8);
        store.Write(new WriteBatch().Clear().Set("k", "new"u8));
        Assert.Single(store.History("k"));
    }
}
