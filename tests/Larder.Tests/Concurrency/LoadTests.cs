using System.Globalization;
using Xunit;

namespace Larder.Tests.Concurrency;

[Collection(nameof(Concurrency))]
public sealed class LoadTests
{
    private const int Keys = 6;
    private const int CallsEach = 4_000;

    [Fact]
    public void One_factory_at_a_time_runs_for_a_key_however_many_ask()
    {
        using var store = new Store();
        int[] running = new int[Keys];
        int[] most = new int[Keys];
        int loads = 0;

        Together.Run(16, thread =>
        {
            for (int i = 0; i < CallsEach; i++)
            {
                int key = Perturbation.Next(Keys);
                string name = string.Create(CultureInfo.InvariantCulture, $"load:{key}");
                if (Perturbation.Next(8) == 0)
                {
                    store.Remove(name);
                }

                string value = thread % 2 == 0
                    ? store.GetOrAdd(name, Make)
                    : store.GetOrAddAsync(name, (asked, _) => new ValueTask<string>(Make(asked))).AsTask().GetAwaiter().GetResult();
                Assert.Equal($"made for {name}", value);

                string Make(string asked)
                {
                    int now = Interlocked.Increment(ref running[key]);
                    InterlockedMax(ref most[key], now);
                    Interlocked.Increment(ref loads);
                    Perturbation.Pause();
                    Interlocked.Decrement(ref running[key]);
                    return $"made for {asked}";
                }
            }
        });

        Assert.All(most, factories => Assert.Equal(1, factories));
        Assert.InRange(loads, Keys, 16 * CallsEach);
        store.VerifyIntegrity();
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = Volatile.Read(ref most); seen < value;)
        {
            seen = Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
