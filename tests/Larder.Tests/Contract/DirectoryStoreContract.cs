namespace Larder.Tests.Contract;

/// <summary>A store in a directory that flushes every commit passes every suite.</summary>
public static class CommitStoreContract
{
    public sealed class ReadWrite : ReadWriteContract<CommitSubject>;

    public sealed class Prefix : PrefixContract<CommitSubject>;

    public sealed class Expiry : ExpiryContract<CommitSubject>;

    public sealed class Condition : ConditionContract<CommitSubject>;

    public sealed class Counter : CounterContract<CommitSubject>;

    public sealed class Acquire : AcquireContract<CommitSubject>;

    public sealed class Batch : BatchContract<CommitSubject>;

    public sealed class Scan : ScanContract<CommitSubject>;

    public sealed class Snapshot : SnapshotContract<CommitSubject>;

    public sealed class History : HistoryContract<CommitSubject>;

    public sealed class Watch : WatchContract<CommitSubject>;

    public sealed class Lock : LockContract<CommitSubject>;

    public sealed class GetOrAdd : GetOrAddContract<CommitSubject>;

    public sealed class Bound : BoundContract<CommitSubject>;

    public sealed class Typed : TypedContract<CommitSubject>;

    public sealed class BadInput : BadInputContract<CommitSubject>;

    public sealed class Lifetime : LifetimeContract<CommitSubject>;
}

/// <summary>One that flushes at intervals does.</summary>
public static class IntervalStoreContract
{
    public sealed class ReadWrite : ReadWriteContract<IntervalSubject>;

    public sealed class Prefix : PrefixContract<IntervalSubject>;

    public sealed class Expiry : ExpiryContract<IntervalSubject>;

    public sealed class Condition : ConditionContract<IntervalSubject>;

    public sealed class Counter : CounterContract<IntervalSubject>;

    public sealed class Acquire : AcquireContract<IntervalSubject>;

    public sealed class Batch : BatchContract<IntervalSubject>;

    public sealed class Scan : ScanContract<IntervalSubject>;

    public sealed class Snapshot : SnapshotContract<IntervalSubject>;

    public sealed class History : HistoryContract<IntervalSubject>;

    public sealed class Watch : WatchContract<IntervalSubject>;

    public sealed class Lock : LockContract<IntervalSubject>;

    public sealed class GetOrAdd : GetOrAddContract<IntervalSubject>;

    public sealed class Bound : BoundContract<IntervalSubject>;

    public sealed class Typed : TypedContract<IntervalSubject>;

    public sealed class BadInput : BadInputContract<IntervalSubject>;

    public sealed class Lifetime : LifetimeContract<IntervalSubject>;
}

/// <summary>One that writes images does.</summary>
public static class ImageStoreContract
{
    public sealed class ReadWrite : ReadWriteContract<ImageSubject>;

    public sealed class Prefix : PrefixContract<ImageSubject>;

    public sealed class Expiry : ExpiryContract<ImageSubject>;

    public sealed class Condition : ConditionContract<ImageSubject>;

    public sealed class Counter : CounterContract<ImageSubject>;

    public sealed class Acquire : AcquireContract<ImageSubject>;

    public sealed class Batch : BatchContract<ImageSubject>;

    public sealed class Scan : ScanContract<ImageSubject>;

    public sealed class Snapshot : SnapshotContract<ImageSubject>;

    public sealed class History : HistoryContract<ImageSubject>;

    public sealed class Watch : WatchContract<ImageSubject>;

    public sealed class Lock : LockContract<ImageSubject>;

    public sealed class GetOrAdd : GetOrAddContract<ImageSubject>;

    public sealed class Bound : BoundContract<ImageSubject>;

    public sealed class Typed : TypedContract<ImageSubject>;

    public sealed class BadInput : BadInputContract<ImageSubject>;

    public sealed class Lifetime : LifetimeContract<ImageSubject>;
}

/// <summary>And the async twins of a durable one do.</summary>
public static class AsyncCommitStoreContract
{
    public sealed class ReadWrite : ReadWriteContract<AsyncCommitSubject>;

    public sealed class Prefix : PrefixContract<AsyncCommitSubject>;

    public sealed class Expiry : ExpiryContract<AsyncCommitSubject>;

    public sealed class Condition : ConditionContract<AsyncCommitSubject>;

    public sealed class Counter : CounterContract<AsyncCommitSubject>;

    public sealed class Acquire : AcquireContract<AsyncCommitSubject>;

    public sealed class Batch : BatchContract<AsyncCommitSubject>;

    public sealed class Scan : ScanContract<AsyncCommitSubject>;

    public sealed class Snapshot : SnapshotContract<AsyncCommitSubject>;

    public sealed class History : HistoryContract<AsyncCommitSubject>;

    public sealed class Watch : WatchContract<AsyncCommitSubject>;

    public sealed class Lock : LockContract<AsyncCommitSubject>;

    public sealed class GetOrAdd : GetOrAddContract<AsyncCommitSubject>;

    public sealed class Bound : BoundContract<AsyncCommitSubject>;

    public sealed class Typed : TypedContract<AsyncCommitSubject>;

    public sealed class BadInput : BadInputContract<AsyncCommitSubject>;

    public sealed class Lifetime : LifetimeContract<AsyncCommitSubject>;
}
