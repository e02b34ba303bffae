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
        string said = Churn(["calls=30000"], ("DOTNET_TieredCompilation", "0"));

        Assert.Contains("whole", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_works_while_everything_is_moved_all_the_time()
    {
        string said = Churn([$"calls={(IsSlow ? 15_000 : 400)}", "collect"], ("DOTNET_GCgen0size", "10000"));

        Assert.Contains("whole", said, StringComparison.Ordinal);
        Figures.Print($"cache while the collector compacts all the time: {said.Split('\n')[0].Trim()}");
    }

    /// <summary>
    /// Every allocation is a collection of everything, and whatever is kept moves. Finalizers wait meanwhile: the runtime's own would keep the collector to themselves.
    /// A runtime may not obey the setting. Then this is said, and not taken for a proof.
    /// </summary>
    [Theory]
    [InlineData("0x1", "DOTNET_TieredCompilation", "1")]
    [InlineData("0x1", "DOTNET_TieredCompilation", "0")]
    [InlineData("0x1", "DOTNET_HeapVerify", "1")]
    [InlineData("0x3", "DOTNET_TieredCompilation", "1")]
    public void A_cache_works_under_stress_of_the_collector(string stress, string name, string value)
    {
        string said = Churn([$"calls={(IsSlow ? 5000 : 500)}", "unfinalized"], ("DOTNET_GCStress", stress), (name, value));

        Assert.Contains("whole", said, StringComparison.Ordinal);
        Figures.Print($"cache under DOTNET_GCStress={stress}, {name}={value}: "
            + (said.Contains("stressed True", StringComparison.Ordinal) ? said.Split('\n')[0].Trim() : "skipped, this runtime does not obey the setting"));
    }

    private static string Churn(string[] arguments, params (string Name, string Value)[] settings)
    {
        using var child = new ChildProcess(["churn", .. arguments], null, settings);
        int code = child.WaitForEnd();
        Assert.True(code == 0, $"the child ended with {code}: {child.Errors}");
        return child.Errors;
    }
}
