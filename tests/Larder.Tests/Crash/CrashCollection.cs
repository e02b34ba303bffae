using System.Globalization;
using Xunit;

namespace Larder.Tests.Crash;

/// <summary>These tests keep both cores busy by themselves, so they run one by one.</summary>
[CollectionDefinition(nameof(Crash), DisableParallelization = true)]
public sealed class CrashCollection;

/// <summary>How long the suites of this folder run, and from which seed.</summary>
internal static class CrashRuns
{
    public static bool IsSlow => Environment.GetEnvironmentVariable("LARDER_SLOW") == "1";

    /// <summary>The first number of <c>LARDER_SEED</c>, or a new one.</summary>
    public static int Seed { get; } = Environment.GetEnvironmentVariable("LARDER_SEED") is { Length: > 0 } given
        ? (int)(ulong.Parse(given.Split(',')[0], CultureInfo.InvariantCulture) & 0x3FFFFFFF)
        : Random.Shared.Next(0x3FFFFFFF);

    /// <summary>A stream of random numbers of its own for every run of every workload.</summary>
    public static Random For(string workload, int run) => new((int)Digest.Mix(Digest.Of(workload) + ((ulong)Seed << 24) + (ulong)run) & int.MaxValue);

    /// <summary>Does the same with two threads, and fails with whatever fails first.</summary>
    public static void InParallel<T>(IEnumerable<T> items, Action<T> body)
    {
        try
        {
            Parallel.ForEach(items, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(2, Environment.ProcessorCount) }, body);
        }
        catch (AggregateException several)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
