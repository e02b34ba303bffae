using System.Buffers.Binary;
using System.Net;
using Larder.AspNetCore.State;

namespace Larder.AspNetCore.RateLimiting;

/// <summary>
/// A bucket of burst + 1 tokens, refilled evenly: kept as one number, the moment at which the bucket will be full again, which each request moves on
/// by the time one token takes. A request that would move it further ahead than the bucket is deep is refused. No span of 60 seconds sees more than
/// limit + burst: burst + 1 at its beginning, and one for each of the limit - 1 tokens that come before its end.
/// </summary>
/// <remarks>The generic cell rate algorithm in its form as virtual scheduling: ITU-T Recommendation I.371, annex A.</remarks>
internal sealed class TokenBucket(int limit, int burst, byte[] pattern) : IRateAlgorithm
{
    /// <summary>What one token takes, rounded up, so that the rate is never higher than the limit.</summary>
    private readonly long _interval = (TimeSpan.TicksPerMinute + limit - 1) / limit;

    public async ValueTask<RateLimitResult> Take(StoreCalls calls, IPAddress? client, DateTimeOffset now)
    {
        string key = StateKey.Bucket(client, pattern);
        long depth = _interval * burst;   // of the tokens beyond the first
        while (true)
        {
            Entry? read = await calls.Get(key).ConfigureAwait(false);

            // Not earlier than now; and not later than a full request leaves it, should the clock have been set back.
            long fullAt = Math.Clamp(FullAt(read), now.UtcTicks, now.UtcTicks + depth + _interval);
            long ahead = fullAt - now.UtcTicks;
            if (ahead > depth)
            {
                return new RateLimitResult(false, 0, Second(fullAt - depth), limit, null);
            }

            long next = fullAt + _interval;
            var value = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(value, next);
            if (await calls.TryReplace(key, read, value, TimeSpan.FromTicks(next - now.UtcTicks) + TimeSpan.FromSeconds(1)).ConfigureAwait(false))
            {
                return new RateLimitResult(true, (depth - ahead) / _interval, Second(next), limit, null);
            }
        }
    }

    private static long FullAt(Entry? stored) => stored switch
    {
        null => 0,
        { Value: { Length: sizeof(long) } value } => BinaryPrimitives.ReadInt64LittleEndian(value.Span),
        { } entry => throw new InvalidDataException($"the value of '{entry.Key}' is no token bucket."),
    };

    /// <summary>Seconds since 1970 at which a moment has come.</summary>
    private static long Second(long ticks) => (ticks - DateTimeOffset.UnixEpoch.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
}
