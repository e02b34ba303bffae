using Xunit;

namespace Larder.NostrMls.Tests.Issues;

/// <summary>
/// An engine keeps the group it has loaded until the generation moves. One that loaded it inside a transaction which then threw remembered a generation that the next write outside
/// was given again, for another state: it went on with a group that never came to be.
/// </summary>
public sealed class GenerationOfAGivenUpTransactionTests
{
    [Fact]
    public void What_a_transaction_saw_that_threw_is_the_generation_of_nothing_else()
    {
        using var store = new NostrMlsStore();
        var group = new MlsGroupId([1]);
        store.Mls.WriteGroupData(group, MlsGroupDataKind.GroupState, [1]);
        long inside = 0;
        Assert.Throws<OperationCanceledException>(() => store.RunInTransaction(handle =>
        {
            handle.Mls.WriteGroupData(group, MlsGroupDataKind.GroupState, [2]);
            inside = handle.Mls.WriteGeneration;
            throw new OperationCanceledException();
        }));

        store.Mls.WriteGroupData(group, MlsGroupDataKind.GroupState, [3]);
        Assert.True(store.Mls.WriteGeneration > inside);
    }
}
