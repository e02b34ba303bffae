namespace Larder.Tests.Contract;

/// <summary>A store behind rules that object to nothing passes every suite.</summary>
public static class ValidatedStoreContract
{
    public sealed class ReadWrite : ReadWriteContract<ValidatedSubject>;

    public sealed class Prefix : PrefixContract<ValidatedSubject>;

    public sealed class Expiry : ExpiryContract<ValidatedSubject>;

    public sealed class Condition : ConditionContract<ValidatedSubject>;

    public sealed class Counter : CounterContract<ValidatedSubject>;

    public sealed class Acquire : AcquireContract<ValidatedSubject>;

    public sealed class Batch : BatchContract<ValidatedSubject>;

    public sealed class Scan : ScanContract<ValidatedSubject>;

    public sealed class Snapshot : SnapshotContract<ValidatedSubject>;

    public sealed class History : HistoryContract<ValidatedSubject>;

    public sealed class Watch : WatchContract<ValidatedSubject>;

    public sealed class Lock : LockContract<ValidatedSubject>;

    public sealed class GetOrAdd : GetOrAddContract<ValidatedSubject>;

    public sealed class Bound : BoundContract<ValidatedSubject>;

    public sealed class Typed : TypedContract<ValidatedSubject>;

    public sealed class BadInput : BadInputContract<ValidatedSubject>;

    public sealed class Lifetime : LifetimeContract<ValidatedSubject>;
}
