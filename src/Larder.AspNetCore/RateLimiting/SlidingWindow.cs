using System.Net;
using Larder.AspNetCore.State;

namespace Larder.AspNetCore.RateLimiting;

/// <summary>
/// The last 60 seconds, counted in slices of 5: the present slice and the twelve before it. Whatever was allowed in the last 60 seconds is therefore
/// counted, and no span of 60 seconds ever sees more than limit + burst. The slices and the burst budget are one value, replaced by
/// compare-and-set; whoever comes too late looks again.
/// </summary>
/// <remarks>The idea of segments is that of the sliding window limiter of System.Threading.RateLimiting, with one more of them, so that the bound is strict.</remarks>
internal sealed class SlidingWindow(int limit, int burst, byte[] pattern) : IRateAlgorithm
{
    public async ValueTask<RateLimitResult> Take(StoreCalls calls, IPAddress? client, DateTimeOffset now)
    {
        string key = StateKey.Sliding(client, pattern);
        long second = now.ToUnixTimeSeconds();
        while (true)
        {
            Entry? read = await calls.Get(key).ConfigureAwait(false);
            SlidingCounts counts = SlidingCounts.From(read, second);
            bool usesBurst = counts.Total >= limit;
            if (usesBurst && (counts.Total >= (long)limit + burst || counts.BurstUsed >= burst))
            {
                return new RateLimitResult(false, 0, counts.FreeAt(limit), limit, null);
            }

            counts.Add(usesBurst, second);
            if (await calls.TryReplace(key, read, counts.ToArray(), counts.Lifetime).ConfigureAwait(false))
            {
                return new RateLimitResult(true, Math.Max(0, limit - counts.Total), counts.FreeAt(limit), limit, usesBurst ? IRateAlgorithm.UsingBurst : null);
            }
        }
    }
}
