using System.Diagnostics;

namespace Larder.Comparisons.Measuring;

/// <summary>
/// Runs contenders in turn, A B C A B C …, so that whatever else the machine does falls on all of them alike, and takes the median
/// of the rounds.
/// </summary>
internal static class Interleaved
{
    /// <summary>
    /// A method is counted once nothing new was compiled for 100 ms, compiled again after 30 calls, to watch itself, and once more
    /// after 30 further calls.
    /// </summary>
    private const int WarmUpCalls = 70;

    /// <param name="contenders">Who takes part.</param>
    /// <param name="rounds">How many rounds count.</param>
    /// <param name="warmUp">How long each contender warms up, at least.</param>
    public static IReadOnlyList<Figure> Run(IReadOnlyList<Contender> contenders, int rounds, TimeSpan warmUp)
    {
        foreach (Action work in contenders.Select(c => c.WarmUp).OfType<Action>())
        {
            long start = Stopwatch.GetTimestamp();
            for (int call = 0; call < WarmUpCalls || Stopwatch.GetElapsedTime(start) < warmUp; call++)
            {
                work();
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
