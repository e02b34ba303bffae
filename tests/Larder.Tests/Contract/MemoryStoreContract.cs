namespace Larder.Tests.Contract;

/// <summary>The store in memory passes every suite.</summary>
public static class MemoryStoreContract
{
    public sealed class ReadWrite : ReadWriteContract<MemorySubject>;

    public sealed class Prefix : PrefixContract<MemorySubject>;

    public sealed class Expiry : ExpiryContract<MemorySubject>;

    public sealed class Condition : ConditionContract<MemorySubject>;

    public sealed class Counter : CounterContract<MemorySubject>;

    public sealed class Acquire : AcquireContract<MemorySubject>;

    public sealed class Batch : BatchContract<MemorySubject>;

    public sealed class Scan : ScanContract<MemorySubject>;

    public sealed class Snapshot : SnapshotContract<MemorySubject>;

    public sealed class History : HistoryContract<MemorySubject>;

    public sealed class Watch : WatchContract<MemorySubject>;

    public sealed class Lock : LockContract<MemorySubject>;

    public sealed class GetOrAdd : GetOrAddContract<MemorySubject>;

    public sealed class Bound : BoundContract<MemorySubject>;

    public sealed class Typed : TypedContract<MemorySubject>;

    public sealed class BadInput : BadInputContract<MemorySubject>;

    public sealed class Lifetime : LifetimeContract<MemorySubject>;
}
