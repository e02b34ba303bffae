using System.Diagnostics;

namespace Larder.Comparisons.Measuring;

/// <summary>
/// Runs contenders in turn, A B C A B C …, so that whatever else the machine does falls on all of them alike, and takes the median
/// of the rounds.
/// </summary>
internal static class Interleaved
{
    /// <summary>A method is compiled anew, with what was learned of it, after 30 calls; a few more make sure of it.</summary>
    private const int WarmUpCalls = 40;

    public static IReadOnlyList<Figure> Run(IReadOnlyList<Contender> contenders, Effort effort, int rounds)
    {
        foreach (Contender contender in contenders)
        {
            long start = Stopwatch.GetTimestamp();
            for (int call = 0; call < WarmUpCalls || Stopwatch.GetElapsedTime(start) < effort.WarmUp; call++)
            {
                contender.WarmUp();
            }
        }

        // The first round is for the caches and is not counted.
        var figures = contenders.Select(_ => new List<double>(rounds)).ToArray();
        for (int round = 0; round <= rounds; round++)
        {
            for (int i = 0; i < contenders.Count; i++)
            {
                // Nobody starts with the young garbage of the one before.
                GC.Collect(1, GCCollectionMode.Forced, blocking: true);
                double figure = contenders[i].Slice();
                if (round > 0)
                {
                    figures[i].Add(figure);
                }
            }
        }

        return [.. contenders.Select((c, i) => Figure.Of(c.Name, figures[i]))];
    }
}
