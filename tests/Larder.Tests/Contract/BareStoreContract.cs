namespace Larder.Tests.Contract;

/// <summary>A store that declares no features passes the suites that ask for them, by refusing.</summary>
public static class BareStoreContract
{
    public sealed class ReadWrite : ReadWriteContract<BareSubject>;

    public sealed class Prefix : PrefixContract<BareSubject>;

    public sealed class Acquire : AcquireContract<BareSubject>;

    public sealed class Batch : BatchContract<BareSubject>;

    public sealed class Scan : ScanContract<BareSubject>;

    public sealed class Snapshot : SnapshotContract<BareSubject>;

    public sealed class History : HistoryContract<BareSubject>;

    public sealed class Watch : WatchContract<BareSubject>;

    public sealed class BadInput : BadInputContract<BareSubject>;

    public sealed class Lifetime : LifetimeContract<BareSubject>;
}
