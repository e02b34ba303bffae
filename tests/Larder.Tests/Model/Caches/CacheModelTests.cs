using System.Globalization;
using Xunit;

namespace Larder.Tests.Model.Caches;

/// <summary>A cache does what a dictionary with rules would, called from one thread, whatever it is asked.</summary>
public sealed class CacheModelTests
{
    private const int CallsEach = 2_000;

    private static int Trials => Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 5_000 : 100;

    [Fact]
    public void Random_calls_agree_with_the_model()
    {
        int first = Random.Shared.Next();
        for (int seed = first; seed < first + Trials; seed++)
        {
            Try(seed);
        }

        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"cache model: {Trials * (long)CallsEach} random calls, seeds from {first}, 0 differences"));
    }

    /// <summary>Seeds that once found something, or that shall always be tried.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Calls_of_a_known_seed_agree_with_the_model(int seed) => Try(seed);

    private static void Try(int seed)
    {
        using var trial = new CacheTrial(seed);
        try
        {
            trial.Run(CallsEach);
        }
        catch (Exception difference)
        {
            throw new InvalidOperationException($"seed {seed} ({trial}): {difference.Message}", difference);
        }
    }
}
