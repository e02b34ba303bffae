namespace Larder.NostrMls.Tests.Contract;

/// <summary>The store in memory keeps the whole contract.</summary>
public static class MemoryContractTests
{
    public sealed class Groups : GroupContract<MemorySubject>;

    public sealed class Secrets : SecretContract<MemorySubject>;

    public sealed class Messages : MessageContract<MemorySubject>;

    public sealed class Welcomes : WelcomeContract<MemorySubject>;

    public sealed class Snapshots : SnapshotContract<MemorySubject>;

    public sealed class Engine : EngineContract<MemorySubject>;

    public sealed class Deletion : DeletionContract<MemorySubject>;

    public sealed class Eviction : EvictionContract<MemorySubject>;

    public sealed class Transactions : TransactionContract<MemorySubject>;

    public sealed class Captures : CaptureContract<MemorySubject>;

    public sealed class Lifetime : LifetimeContract<MemorySubject>;

    public sealed class Concurrency : ConcurrencyContract<MemorySubject>;
}
