using System.Net;
using Larder.AspNetCore.State;

namespace Larder.AspNetCore.RateLimiting;

/// <summary>
/// Minutes of the clock, each with a counter of its own: whoever is told a number up to the limit is in, and no two are told the same. The next
/// numbers, as many as the burst has, may draw on the burst budget, which is a window of an hour from its first use; as these numbers are unique as well, a
/// minute never sees more than limit + burst, also when the budget begins anew within it.
/// </summary>
/// <remarks>
/// The number of the minute is part of the key. So windows end with the clock of the guard, and the store's clock, which may differ from it after
/// somebody has set the time, decides only when what is over is swept away.
/// </remarks>
internal sealed class FixedWindow(int limit, int burst, byte[] pattern) : IRateAlgorithm
{
    private static readonly TimeSpan _burstWindow = TimeSpan.FromHours(1);
    private static readonly TimeSpan _kept = TimeSpan.FromMinutes(2);

    public async ValueTask<RateLimitResult> Take(StoreCalls calls, IPAddress? client, DateTimeOffset now)
    {
        long minute = now.ToUnixTimeSeconds() / 60;
        long reset = (minute + 1) * 60;
        long count = await Count(calls, client, minute).ConfigureAwait(false);
        if (count <= limit)
        {
            return new RateLimitResult(true, limit - count, reset, limit, null);
        }

        return count <= (long)limit + burst && await calls.TryAcquire(StateKey.Burst(client, pattern), burst, _burstWindow).ConfigureAwait(false)
            ? new RateLimitResult(true, 0, reset, limit, IRateAlgorithm.UsingBurst)
            : new RateLimitResult(false, 0, reset, limit, null);
    }

    private ValueTask<long> Count(StoreCalls calls, IPAddress? client, long minute) =>
        calls.Increment(StateKey.Window(client, minute, pattern, stackalloc byte[StateKey.MaxBytes]), Expiry.WhenNew(_kept));
}
