using System.Net;
using Larder.AspNetCore.State;

namespace Larder.AspNetCore.RateLimiting;

/// <summary>A way to count requests. It holds figures only; what it counts is in the store.</summary>
internal interface IRateAlgorithm
{
    /// <summary>What a result says while the burst allowance is used.</summary>
    internal const string UsingBurst = "Using burst allowance";

    /// <summary>Counts a request of a client if the limit allows it. The reason of a refusal is the caller's to say.</summary>
    ValueTask<RateLimitResult> Take(StoreCalls calls, IPAddress? client, DateTimeOffset now);
}
