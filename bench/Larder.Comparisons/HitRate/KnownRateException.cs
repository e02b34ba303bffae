using System.Globalization;

namespace Larder.Comparisons.HitRate;

/// <summary>LRU or the optimum are not what somebody else has found: then this program is wrong, and no figure of it is worth anything.</summary>
internal sealed class KnownRateException(string message) : Exception(message)
{
    private const double Rounding = 0.00501;

    /// <summary>LRU on arc-oltp as the ARC paper prints it (Megiddo and Modha, FAST 2003, table "OLTP").</summary>
    private static readonly Dictionary<long, double> _arcPaper = new()
    {
        [1_000] = 32.83, [2_000] = 42.47, [5_000] = 53.65, [10_000] = 60.70, [15_000] = 64.63,
    };

    /// <summary>Compares with what the list of traces says, where it says anything.</summary>
    /// <exception cref="KnownRateException">It says something else.</exception>
    public static void Check(TraceFile file, int index, double lru, double opt)
    {
        Check("LRU", file, index, lru, file.KnownLru?[index]);
        Check("OPT", file, index, opt, file.KnownOpt?[index]);
    }

    /// <summary>Replays LRU at the capacities of a published table.</summary>
    public static void CheckPublished(TraceFile file, Trace trace)
    {
        if (file.Name != "arc-oltp")
        {
            return;
        }

        foreach ((long capacity, double published) in _arcPaper)
        {
            Check("LRU", file, capacity, Replay.Of(new Lru(capacity, trace.Unique), trace), published);
        }
    }

    private static void Check(string policy, TraceFile file, int index, double found, double? known) =>
        Check(policy, file, file.Capacities[index], found, known);

    private static void Check(string policy, TraceFile file, long capacity, double found, double? known)
    {
        if (known is { } rate && Math.Abs(rate - found) > Rounding)
        {
            throw new KnownRateException(
                string.Create(CultureInfo.InvariantCulture, $"{policy} on {file.Name} at {capacity} hits {found:F3} %, but {rate:F2} % is known"));
        }
    }
}
