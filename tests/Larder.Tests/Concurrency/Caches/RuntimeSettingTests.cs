using Larder.Tests.Durability;
using Xunit;

namespace Larder.Tests.Concurrency.Caches;

/// <summary>The cache in a process of its own, under settings of the runtime that bring faults to light which are rare otherwise.</summary>
[Collection(nameof(Concurrency))]
public sealed class RuntimeSettingTests
{
    private static bool IsSlow => Environment.GetEnvironmentVariable("LARDER_SLOW") == "1";

    [Fact]
    public void A_cache_works_without_tiered_compilation()
    {
        string said = Churn("calls=30000", ("DOTNET_TieredCompilation", "0"));

        Assert.Contains("whole", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_works_while_everything_is_moved_all_the_time()
    {
        string said = Churn($"calls={(IsSlow ? 15_000 : 400)}", "collect", ("DOTNET_GCgen0size", "10000"));

        Assert.Contains("whole", said, StringComparison.Ordinal);
        Figures.Print($"cache while the collector compacts all the time: {said.Split('\n')[0].Trim()}");
    }

    /// <summary>Every allocation is a collection of everything, so few calls take long. The runtime as it is shipped may refuse to collect at every allocation; only builds made for checking it obey. Then this is said, and not taken for a proof.</summary>
    [SlowFact]
    public void A_cache_works_under_stress_of_the_collector()
    {
        string said = Churn($"calls={80}", ("DOTNET_GCStress", "0x1"));

        Assert.Contains("whole", said, StringComparison.Ordinal);
        Figures.Print(said.Contains("stressed True", StringComparison.Ordinal)
            ? $"cache under DOTNET_GCStress=0x1: {said.Split('\n')[0].Trim()}"
            : "cache under DOTNET_GCStress=0x1: skipped, this runtime does not obey the setting");
    }

    private static string Churn(string calls, (string Name, string Value) setting) => Churn([calls], setting);

    private static string Churn(string calls, string more, (string Name, string Value) setting) => Churn([calls, more], setting);

    private static string Churn(string[] arguments, (string Name, string Value) setting)
    {
        using var child = new ChildProcess(["churn", .. arguments], null, setting);
        int code = child.WaitForEnd();
        Assert.True(code == 0, $"the child ended with {code}: {child.Errors}");
        return child.Errors;
    }

    /// <summary>Collecting at every allocation takes seconds or many minutes: the runtime's own finalizers keep each other awake.</summary>
    private sealed class SlowFactAttribute : FactAttribute
    {
        public SlowFactAttribute() => Skip = IsSlow ? null : "only with LARDER_SLOW=1";
    }
}
