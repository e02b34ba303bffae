namespace Larder.NostrMls.Tests.Contract;

/// <summary>The store in a directory keeps the whole contract, and finds everything again.</summary>
public static class DurableContractTests
{
    public sealed class Groups : GroupContract<DurableSubject>;

    public sealed class Secrets : SecretContract<DurableSubject>;

    public sealed class Messages : MessageContract<DurableSubject>;

    public sealed class Welcomes : WelcomeContract<DurableSubject>;

    public sealed class Snapshots : SnapshotContract<DurableSubject>;

    public sealed class Engine : EngineContract<DurableSubject>;

    public sealed class Deletion : DeletionContract<DurableSubject>;

    public sealed class Eviction : EvictionContract<DurableSubject>;

    public sealed class Transactions : TransactionContract<DurableSubject>;

    public sealed class Captures : CaptureContract<DurableSubject>;

    public sealed class Lifetime : LifetimeContract<DurableSubject>;

    public sealed class Concurrency : ConcurrencyContract<DurableSubject>;
}
