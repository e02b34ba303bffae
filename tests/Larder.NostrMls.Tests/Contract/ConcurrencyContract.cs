using Xunit;

namespace Larder.NostrMls.Tests.Contract;

public abstract class ConcurrencyContract<TSubject> : ContractTest<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public async Task Readers_see_whole_versions_while_writers_go_on()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { EraseDeletedWithin = Timeout.InfiniteTimeSpan, EraseReplacedWithin = Timeout.InfiniteTimeSpan });
        MlsGroupId group = Some.GroupId(1);
        void Write(int version) => store.RunInTransaction(handle =>
        {
            handle.SaveGroup(Some.Group(1, epoch: (ulong)version) with { NostrGroupId = Some.NostrId(version % 2), Name = $"{version}", ImageKey = Some.Secret(version) });
            handle.Mls.WriteGroupData(group, MlsGroupDataKind.Tree, Some.Value(version, 500));
            handle.SaveMessage(Some.Message(1, version % 3, createdAt: (ulong)version, content: $"{version}"));
        });

        Write(1);
        using var stop = new CancellationTokenSource();
        Task writer = Task.Run(() =>
        {
            for (int version = 2; version < 300; version++)
            {
                Write(version);
            }

            stop.Cancel();
        });
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using Group found = store.FindGroup(group)!;
                int version = int.Parse(found.Name, System.Globalization.CultureInfo.InvariantCulture);
                Assert.Equal((ulong)version, found.Epoch);
                Assert.Equal(Some.NostrId(version % 2), found.NostrGroupId);
                Assert.Equal(Some.Secret(version), found.ImageKey);
                using SecretBytes tree = store.Mls.ReadGroupData(group, MlsGroupDataKind.Tree)!;
                Assert.Equal(Enumerable.Range(0, 500).Select(i => (byte)(tree.Span[0] + i)), tree.Span.ToArray());
                Message last = store.GetLastMessage(group)!;
                Assert.Equal($"{last.CreatedAt.Value}", last.Content);
                Assert.True(last.CreatedAt.Value >= (ulong)version);   // read later, so no older
            }
        }))];
        await Task.WhenAll([writer, .. readers]);
    }
}
