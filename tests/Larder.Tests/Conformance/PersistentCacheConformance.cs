using Larder.Tests.Contract;

namespace Larder.Tests.Conformance;

/// <summary>The persistent cache with lifetimes: one suite, in memory and durable, sync and async, and behind rules.</summary>
public static class PersistentCacheConformance
{
    public sealed class MemoryChecks : PersistentCacheChecks<MemorySubject>;

    public sealed class AsyncChecks : PersistentCacheChecks<AsyncSubject>;

    public sealed class CommitChecks : PersistentCacheChecks<CommitSubject>;

    public sealed class AsyncCommitChecks : PersistentCacheChecks<AsyncCommitSubject>;

    public sealed class IntervalChecks : PersistentCacheChecks<IntervalSubject>;

    public sealed class ImageChecks : PersistentCacheChecks<ImageSubject>;

    public sealed class ValidatedChecks : PersistentCacheChecks<ValidatedSubject>;

    public sealed class MemoryCrowds : PersistentCacheCrowds<MemorySubject>;

    public sealed class AsyncCrowds : PersistentCacheCrowds<AsyncSubject>;

    public sealed class CommitCrowds : PersistentCacheCrowds<CommitSubject>;

    public sealed class IntervalCrowds : PersistentCacheCrowds<IntervalSubject>;
}
