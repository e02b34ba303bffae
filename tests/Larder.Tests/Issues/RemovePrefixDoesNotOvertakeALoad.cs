using Xunit;

namespace Larder.Tests.Issues;

/// <summary>Remove and Clear of an absent key say that a value being loaded is stale; RemovePrefix, the usual way to invalidate a family of keys, does not.</summary>
public sealed class RemovePrefixDoesNotOvertakeALoad
{
    [Theory]
    [InlineData("remove")]
    [InlineData("prefix")]
    [InlineData("scope")]
    public void The_result_is_not_stored(string how)
    {
        using var store = new Store();
        store.GetOrAdd("user:1", key =>
        {
            if (how == "remove")
            {
                store.Remove(key);
            }
            else if (how == "prefix")
            {
                store.RemovePrefix("user:");
            }
            else
            {
                store.Scope("user:").Clear();
            }

            return "stale";
        });
        Assert.False(store.Exists("user:1"));
    }
}
