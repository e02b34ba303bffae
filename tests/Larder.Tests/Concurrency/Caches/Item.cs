namespace Larder.Tests.Concurrency.Caches;

/// <summary>A value that knows who wrote it and how long it is to live: unique, and asked for its expiry by <c>ExpiryOf</c>.</summary>
internal sealed record Item(long Number, long Deadline)
{
    public Expiry Expiry => Deadline == Call.Never ? Expiry.None : Expiry.At(new DateTimeOffset(Deadline, TimeSpan.Zero));
}
