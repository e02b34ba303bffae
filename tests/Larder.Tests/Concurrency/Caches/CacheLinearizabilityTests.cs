using System.Globalization;
using Xunit;

namespace Larder.Tests.Concurrency.Caches;

[Collection(nameof(Concurrency))]
public sealed class CacheLinearizabilityTests
{
    private static int Histories => Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 700_000 : 8_000;

    [Theory]
    [InlineData(HistoryBound.Roomy)]
    [InlineData(HistoryBound.Tight)]
    [InlineData(HistoryBound.Weighed)]
    public void Every_history_of_a_cache_has_a_sequential_explanation(HistoryBound bound)
    {
        CacheHistories run = CacheHistories.Of(Histories, bound);

        Assert.True(run.Violation is null, run.Violation);
        Assert.True(run.MeanOverlap >= 1.5, $"the calls hardly overlap ({run.MeanOverlap:F1}): these histories prove little");
        Assert.Equal(bound == HistoryBound.Roomy, run.Evictions == 0);
        Figures.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"cache linearizability, {bound}: {run.Histories} histories, 0 violations, mean overlap {run.MeanOverlap:F1}, {run.Evictions} evictions"));
    }

    public static TheoryData<string> Faults =>
        [nameof(AddsTooLate), nameof(TellsWhatAnotherRemoved), nameof(LoadsOverWrites), nameof(ClearsAwayWhatWasRefreshed), nameof(ReadsWithoutLookingAgain)];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_planted_fault_of_a_cache_is_found(string fault)
    {
        CacheHistories run = CacheHistories.Of(most: 10_000, HistoryBound.Roomy, cache => fault switch
        {
            nameof(AddsTooLate) => new AddsTooLate(cache),
            nameof(TellsWhatAnotherRemoved) => new TellsWhatAnotherRemoved(cache),
            nameof(LoadsOverWrites) => new LoadsOverWrites(cache),
            nameof(ClearsAwayWhatWasRefreshed) => new ClearsAwayWhatWasRefreshed(cache),
            _ => new ReadsWithoutLookingAgain(cache),
        });

        Assert.NotNull(run.Violation);
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"cache linearizability: {fault} found after {run.Histories} histories"));
    }
}
