using System.Globalization;
using Xunit;

namespace Larder.Tests.Concurrency;

[Collection(nameof(Concurrency))]
public sealed class LinearizabilityTests
{
    private static int Histories => Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 2_000_000 : 40_000;

    [Fact]
    public void Every_history_of_single_key_calls_has_a_sequential_explanation()
    {
        HistoryRun run = HistoryRun.Of(Histories);

        Assert.True(run.Violation is null, run.Violation);
        Assert.True(run.MeanOverlap >= 2, $"the calls hardly overlap ({run.MeanOverlap:F1}): these histories prove little");
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"linearizability: {run.Histories} histories, 0 violations, mean overlap {run.MeanOverlap:F1}"));
    }

    public static TheoryData<string> Faults => [nameof(LosesIncrements), nameof(ResurrectsWhatWasRemoved), nameof(ComparesNothing), nameof(ComparesTooEarly), nameof(ExpiresWhatWasRefreshed)];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_planted_fault_is_found(string fault)
    {
        HistoryRun run = HistoryRun.Of(most: 10_000, store => fault switch
        {
            nameof(LosesIncrements) => new LosesIncrements(store),
            nameof(ResurrectsWhatWasRemoved) => new ResurrectsWhatWasRemoved(store),
            nameof(ComparesNothing) => new ComparesNothing(store),
            nameof(ComparesTooEarly) => new ComparesTooEarly(store),
            _ => new ExpiresWhatWasRefreshed(store),
        });

        Assert.NotNull(run.Violation);
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"linearizability: {fault} found after {run.Histories} histories"));
    }
}
