using Larder.Tests.Contract;

namespace Larder.Tests.Conformance;

/// <summary>Every kind of store can be the storage of a guard.</summary>
public static class GuardStorage
{
    public sealed class InMemory : GuardStorageConformance<MemorySubject>;

    public sealed class Async : GuardStorageConformance<AsyncSubject>;

    public sealed class OnDisk : GuardStorageConformance<CommitSubject>;

    public sealed class AtIntervals : GuardStorageConformance<IntervalSubject>;

    public sealed class AsyncOnDisk : GuardStorageConformance<AsyncCommitSubject>;

    public sealed class InScope : GuardStorageConformance<ScopeSubject>;
}
