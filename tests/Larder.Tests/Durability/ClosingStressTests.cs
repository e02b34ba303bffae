using Larder.Tests.Child;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>Stores are closed at any moment of the life of those who use them: nobody may be left waiting, and nothing acknowledged be lost.</summary>
[Collection(nameof(RealFiles))]
public sealed class ClosingStressTests
{
    private const int Writers = 4;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(DurabilityMode.Commit)]
    [InlineData(DurabilityMode.Interval)]
    [InlineData(DurabilityMode.Snapshot)]
    public async Task Closing_in_the_midst_of_everything_leaves_nobody_waiting(DurabilityMode mode)
    {
        int rounds = RealFiles.IsSlow ? 300 : 6;
        long acknowledged = 0;
        for (int round = 0; round < rounds; round++)
        {
            using var scratch = new TemporaryDirectory();
            var options = new StoreOptions { Path = scratch.Path, Durability = mode, FlushInterval = TimeSpan.FromMilliseconds(1) };
            int[] written = new int[Writers];
            Store store = TinyStore.Open(options);
            Task[] users =
            [
                .. Enumerable.Range(0, Writers).Select(writer => writer % 2 == 0
                    ? Begin(() => store.Set($"{writer}/{written[writer]}", new byte[writer * 300]), () => written[writer]++)
                    : BeginAsync(() => store.SetAsync($"{writer}/{written[writer]}", new byte[writer * 300]), () => written[writer]++)),
                Begin(store.Compact),
                Begin(store.Flush),
            ];
            var random = new Random(round);
            int enough = random.Next(200);
            SpinWait.SpinUntil(() => Volatile.Read(ref written[0]) >= enough || users.Any(user => user.IsFaulted), _patience);
            await Task.Run(store.Dispose).WaitAsync(_patience);
            foreach (Task user in users)
            {
                await Assert.ThrowsAsync<ObjectDisposedException>(() => user.WaitAsync(_patience));
            }

            using Store reopened = TinyStore.Open(options);
            Assert.Equal(written.Select(count => (long)count), Enumerable.Range(0, Writers).Select(writer => reopened.Count($"{writer}/")));
            acknowledged += written.Sum();
        }

        Figures.Print($"closing in the midst of everything, {mode}: {rounds} stores, {acknowledged} acknowledged, lost 0, left waiting 0");
    }

    /// <summary>Calls until the store is closed, on a thread of its own.</summary>
    private static Task Begin(Action call, Action? then = null) => Task.Factory.StartNew(
        () =>
        {
            while (true)
            {
                call();
                then?.Invoke();
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private static Task BeginAsync(Func<ValueTask<long>> call, Action then) => Task.Run(async () =>
    {
        while (true)
        {
            await call();
            then();
        }
    });
}
