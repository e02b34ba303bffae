using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace Larder.AspNetCore.RateLimiting;

/// <summary>What a <see cref="StoreRateLimiter"/> answers. There is nothing to give back: permits come back with the next window.</summary>
internal sealed class WindowLease(bool isAcquired, TimeSpan? retryAfter) : RateLimitLease
{
    public override bool IsAcquired => isAcquired;

    public override IEnumerable<string> MetadataNames => retryAfter is null ? [] : [MetadataName.RetryAfter.Name];

    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter : null;
        return metadata is not null;
    }
}
