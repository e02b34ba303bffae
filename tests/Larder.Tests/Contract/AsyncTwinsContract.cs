namespace Larder.Tests.Contract;

/// <summary>The async twins pass the same suites as the members they stand beside.</summary>
public static class AsyncTwinsContract
{
    public sealed class ReadWrite : ReadWriteContract<AsyncSubject>;

    public sealed class Prefix : PrefixContract<AsyncSubject>;

    public sealed class Expiry : ExpiryContract<AsyncSubject>;

    public sealed class Condition : ConditionContract<AsyncSubject>;

    public sealed class Counter : CounterContract<AsyncSubject>;

    public sealed class Acquire : AcquireContract<AsyncSubject>;

    public sealed class Batch : BatchContract<AsyncSubject>;

    public sealed class Scan : ScanContract<AsyncSubject>;

    public sealed class Snapshot : SnapshotContract<AsyncSubject>;

    public sealed class History : HistoryContract<AsyncSubject>;

    public sealed class Watch : WatchContract<AsyncSubject>;

    public sealed class Lock : LockContract<AsyncSubject>;

    public sealed class GetOrAdd : GetOrAddContract<AsyncSubject>;

    public sealed class Bound : BoundContract<AsyncSubject>;

    public sealed class Typed : TypedContract<AsyncSubject>;

    public sealed class BadInput : BadInputContract<AsyncSubject>;

    public sealed class Lifetime : LifetimeContract<AsyncSubject>;
}
