namespace Larder.Comparisons.HitRate;

/// <summary>
/// What nobody can beat when all entries are of one size: keep what is needed soonest, and take nothing in that is needed later than
/// all that is there (Bélády, "A study of replacement algorithms for a virtual-storage computer", 1966). It knows the future.
/// </summary>
internal static class Optimum
{
    public static long Hits(Trace trace, long capacity)
    {
        // Held keys by their next use, the latest first. A pair is stale when its key is no longer held, or is by now needed later.
        var byNextUse = new PriorityQueue<int, int>(Comparer<int>.Create(static (a, b) => b.CompareTo(a)));
        var needed = new int[trace.Unique]; // 0: not held; no next use is 0
        long hits = 0;
        long held = 0;
        for (int i = 0; i < trace.Keys.Length; i++)
        {
            int key = trace.Keys[i];
            int next = trace.NextUse[i];
            if (needed[key] != 0)
            {
                hits++;
                held--;
                needed[key] = 0;
            }

            if (next == int.MaxValue)
            {
                continue;
            }

            needed[key] = next;
            byNextUse.Enqueue(key, next);
            for (held++; held > capacity;)
            {
                byNextUse.TryDequeue(out int latest, out int itsNext);
                if (needed[latest] == itsNext)
                {
                    needed[latest] = 0;
                    held--;
                }
            }
        }

        return hits;
    }
}
