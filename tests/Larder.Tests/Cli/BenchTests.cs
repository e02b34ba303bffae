using System.Text.Json;
using Larder.Cli;
using Larder.Cli.Bench;
using Xunit;

namespace Larder.Tests.Cli;

public sealed class BenchTests
{
    private static readonly LarderCommand _larder = new();

    [Fact]
    public void Every_mix_does_as_many_operations_as_asked_and_misses_no_record()
    {
        Outcome ran = _larder.Run("bench", "--records", "500", "--operations", "2001", "--threads", "2", "--value-bytes", "10", "--json");

        Assert.Equal((ExitCode.Ok, ""), (ran.ExitCode, ran.Error));
        JsonElement[] mixes = [.. ran.Json.GetProperty("mixes").EnumerateArray()];
        Assert.Equal("ABCDEF", string.Concat(mixes.Select(mix => mix.GetProperty("mix").GetString())));
        Assert.All(mixes, mix =>
        {
            Assert.Equal(2001, mix.GetProperty("operations").GetInt64());
            Assert.Equal(0, mix.GetProperty("missed").GetInt64());
            JsonElement latency = mix.GetProperty("latencyNanoseconds");
            long[] rising = [.. new[] { "p50", "p90", "p99", "p99.9", "max" }.Select(name => latency.GetProperty(name).GetInt64())];
            Assert.Equal(rising.Order(), rising);
        });
    }

    [Fact]
    public void What_a_person_reads_has_a_table_and_a_chart()
    {
        Outcome ran = _larder.Run("bench", "--records", "200", "--seconds", "0.01", "--mix", "ca", "--threads", "1");

        Assert.Equal((ExitCode.Ok, ""), (ran.ExitCode, ran.Error));
        Assert.Contains("│ A   │ half reads, half updates │", ran.Out, StringComparison.Ordinal);
        Assert.Contains("p99.9", ran.Out, StringComparison.Ordinal);
        Assert.Matches("\n  C .*█", ran.Out);
        Assert.Matches("╵1(0|00)? (ns|µs|ms)", ran.Out); // which ticks there are depends on how fast the machine is
        Assert.DoesNotContain("│ B ", ran.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', ran.Out);
    }

    [Theory]
    [InlineData("snapshot")]
    [InlineData("interval")]
    [InlineData("commit")]
    public void On_disk_every_mix_has_a_directory_of_its_own_that_is_removed_afterwards(string mode)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("larder-");
        try
        {
            Outcome ran = _larder.Run("bench", "--path", directory.FullName, "--durability", mode, "--records", "1500", "--operations", "200", "--mix", "ADF", "--threads", "2", "--json");
            Outcome read = _larder.Run("bench", "--path", directory.FullName, "--durability", mode, "--records", "100", "--operations", "50", "--mix", "A");

            Assert.Equal((ExitCode.Ok, ""), (ran.ExitCode, ran.Error));
            Assert.Equal(mode, ran.Json.GetProperty("durability").GetString());
            Assert.All(ran.Json.GetProperty("mixes").EnumerateArray(), mix => Assert.Equal((200, 0), (mix.GetProperty("operations").GetInt64(), mix.GetProperty("missed").GetInt64())));
            Assert.Contains($"bytes on disk ({mode}), ", read.Out, StringComparison.Ordinal);
            Assert.Empty(directory.EnumerateFileSystemInfos());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_thread_that_fails_ends_the_bench_with_its_sentence()
    {
        using var store = new Store(new StoreOptions { MaxEntries = 10 });
        for (int record = 0; record < 10; record++)
        {
            store.Set(Workload.KeyOf(record), [1]);
        }

        var workload = new Workload(store, Mix.All[3], new BenchSettings(10, 1_000, 0, 1, 2, DurabilityMode.Memory), new Zipfian(10));

        Assert.Throws<StoreFullException>(() => workload.Run(CancellationToken.None));
    }

    [Fact]
    public void An_interruption_ends_the_bench()
    {
        using var store = new Store();
        store.Set(Workload.KeyOf(0), [1]);
        var workload = new Workload(store, Mix.All[2], new BenchSettings(1, long.MaxValue, 0, 1, 2, DurabilityMode.Memory), new Zipfian(1));
        using var interruption = new CancellationTokenSource();

        interruption.CancelAfter(TimeSpan.FromMilliseconds(20));

        Assert.Throws<OperationCanceledException>(() => workload.Run(interruption.Token));
    }

    [Fact]
    public void The_shares_of_a_mix_are_those_of_its_title()
    {
        Assert.All(Mix.All, mix => Assert.Equal(100, mix.Shares.Sum(share => share.Percent)));
        Assert.Equal(5, Enumerable.Range(0, 100).Count(percentile => Mix.All[1].At(percentile) == Operation.Update));
    }

    [Fact]
    public void A_percentile_is_right_within_a_thirtysecond()
    {
        var histogram = new LatencyHistogram();
        for (int nanoseconds = 1; nanoseconds <= 100_000; nanoseconds++)
        {
            histogram.Record(nanoseconds);
        }

        foreach (double share in new[] { 0.0001, 0.5, 0.9, 0.99, 1 })
        {
            double exact = share * 100_000;
            Assert.InRange(histogram.Percentile(share), exact, exact * (1 + (1 / 32.0)));
        }

        Assert.Equal(100_000, histogram.Between([0, 1_000, long.MaxValue]).Sum());
    }

    [Fact]
    public void Histograms_add_up()
    {
        var one = new LatencyHistogram();
        var other = new LatencyHistogram();
        one.Record(10);
        other.Record(long.MaxValue);
        other.Record(-1); // clocks of two cores may disagree a little

        one.Add(other);

        Assert.Equal((3, long.MaxValue, 0, 10), (one.Count, one.Largest, one.Percentile(0.3), one.Percentile(0.5)));
    }

    [Fact]
    public void Keys_are_chosen_as_skewed_as_they_should_be_and_all_of_them()
    {
        var zipfian = new Zipfian(1_000);
        var random = new Random(7);
        int[] chosen = new int[1_000];
        for (int i = 0; i < 200_000; i++)
        {
            chosen[zipfian.Next(random)]++;
        }

        // With a skew of 0.99 the first of a thousand has 1 / sum of i^-0.99 of all, about 13 %; the tenth about a tenth of that.
        Assert.InRange(chosen[0], 24_000, 28_000);
        Assert.InRange(chosen[9], 1_800, 4_000);
        Assert.True(chosen.Count(count => count > 0) > 900);
        Assert.Equal(0, new Zipfian(1).Next(random));
    }
}
