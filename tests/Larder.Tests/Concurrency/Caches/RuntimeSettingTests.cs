using Larder.Tests.Durability;
using Xunit;

namespace Larder.Tests.Concurrency.Caches;

/// <summary>The cache in a process of its own, under settings of the runtime that bring faults to light which are rare otherwise.</summary>
[Collection(nameof(Concurrency))]
public sealed class RuntimeSettingTests
{
    /// <summary>Every allocation is a collection of everything.</summary>
    private static int Few => Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 3_000 : 300;

    [Fact]
    public void A_cache_works_without_tiered_compilation()
    {
        string said = Churn("calls=30000", ("DOTNET_TieredCompilation", "0"));

        Assert.Contains("whole", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_works_while_everything_is_moved_all_the_time()
    {
        string said = Churn($"calls={Few * 5}", "collect", ("DOTNET_GCgen0size", "10000"));

        Assert.Contains("whole", said, StringComparison.Ordinal);
        Figures.Print($"cache while the collector compacts all the time: {said.Split('\n')[0].Trim()}");
    }

    /// <summary>The runtime as it is shipped may refuse to collect at every allocation; only builds made for checking it obey. Then this is said, and not taken for a proof.</summary>
    [Fact]
    public void A_cache_works_under_stress_of_the_collector()
    {
        string said = Churn($"calls={Few}", ("DOTNET_GCStress", "0x1"));

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
}
