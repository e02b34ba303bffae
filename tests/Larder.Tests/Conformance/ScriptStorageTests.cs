using Larder.Tests.Contract;

namespace Larder.Tests.Conformance;

/// <summary>The suite of local storage over memory, a directory and a scope, called sync and async.</summary>
public static class ScriptStorageTests
{
    public sealed class InMemory : ScriptStorage<MemorySubject, SyncScript>;

    public sealed class InMemoryAsync : ScriptStorage<MemorySubject, AsyncScript>;

    public sealed class OnDisk : ScriptStorage<CommitSubject, SyncScript>;

    public sealed class OnDiskAsync : ScriptStorage<CommitSubject, AsyncScript>;

    public sealed class InAScope : ScriptStorage<ScopeSubject, SyncScript>;

    public sealed class InAScopeAsync : ScriptStorage<ScopeSubject, AsyncScript>;
}
