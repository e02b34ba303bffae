namespace Larder.Tests.Contract;

/// <summary>A scope passes every suite that is not about the bounds of the whole store.</summary>
public static class ScopeContract
{
    public sealed class ReadWrite : ReadWriteContract<ScopeSubject>;

    public sealed class Prefix : PrefixContract<ScopeSubject>;

    public sealed class Expiry : ExpiryContract<ScopeSubject>;

    public sealed class Condition : ConditionContract<ScopeSubject>;

    public sealed class Counter : CounterContract<ScopeSubject>;

    public sealed class Acquire : AcquireContract<ScopeSubject>;

    public sealed class Batch : BatchContract<ScopeSubject>;

    public sealed class Scan : ScanContract<ScopeSubject>;

    public sealed class Snapshot : SnapshotContract<ScopeSubject>;

    public sealed class History : HistoryContract<ScopeSubject>;

    public sealed class Watch : WatchContract<ScopeSubject>;

    public sealed class Lock : LockContract<ScopeSubject>;

    public sealed class GetOrAdd : GetOrAddContract<ScopeSubject>;

    public sealed class Typed : TypedContract<ScopeSubject>;

    public sealed class BadInput : BadInputContract<ScopeSubject>;

    public sealed class Lifetime : LifetimeContract<ScopeSubject>;
}
