using Xunit;

namespace Larder.Tests.Engine;

/// <summary>Corners of batches that the model found.</summary>
public sealed class BatchSemanticsTests : IDisposable
{
    private readonly Store _store = new(new StoreOptions { VersionsToKeep = 3 });

    [Fact]
    public void A_typed_set_whose_time_is_over_returns_version_0()
    {
        _store.Set("a", "text");

        Assert.Equal(0, _store.Set("a", "text", TimeSpan.Zero));
        Assert.False(_store.Exists("a"));
    }

    [Fact]
    public void A_refused_batch_tells_the_version_the_key_has_even_if_it_would_have_cleared_it()
    {
        long version = _store.Set("a", "v"u8);

        WriteResult refused = _store.Write(new WriteBatch().Clear().Require("a", version));

        Assert.Equal(new WriteResult(false, version), refused);
    }

    [Fact]
    public void A_removal_ends_the_history_although_the_same_batch_sets_the_key_again()
    {
        _store.Set("a", "old"u8);

        _store.Write(new WriteBatch().Remove("a").Set("a", "new"u8));

        Assert.Single(_store.History("a"));
        _store.VerifyIntegrity();
    }

    [Fact]
    public void No_requirement_meets_the_version_that_the_batch_itself_gives()
    {
        WriteResult result = _store.Write(new WriteBatch().Set("a", "v"u8).Require("a", long.MaxValue));

        Assert.False(result.Applied);
        Assert.False(_store.Exists("a"));
    }

    public void Dispose() => _store.Dispose();
}
