using Larder.Tests.Contract;

namespace Larder.Tests.Conformance;

/// <summary>Every suite of session storage over memory, a directory and a scope, called sync and async.</summary>
public static class SessionConformanceTests
{
    public sealed class InMemory : SessionBasics<MemorySubject, SyncSessions>;

    public sealed class InMemoryAsync : SessionBasics<MemorySubject, AsyncSessions>;

    public sealed class OnDisk : SessionBasics<CommitSubject, SyncSessions>;

    public sealed class OnDiskAsync : SessionBasics<CommitSubject, AsyncSessions>;

    public sealed class InAScope : SessionBasics<ScopeSubject, SyncSessions>;

    public sealed class InAScopeAsync : SessionBasics<ScopeSubject, AsyncSessions>;

    public sealed class LifetimesInMemory : SessionLifetimes<MemorySubject, SyncSessions>;

    public sealed class LifetimesInMemoryAsync : SessionLifetimes<MemorySubject, AsyncSessions>;

    public sealed class LifetimesOnDisk : SessionLifetimes<IntervalSubject, SyncSessions>;

    public sealed class LifetimesOnDiskAsync : SessionLifetimes<IntervalSubject, AsyncSessions>;

    public sealed class LifetimesInAScope : SessionLifetimes<ScopeSubject, SyncSessions>;

    public sealed class LifetimesInAScopeAsync : SessionLifetimes<ScopeSubject, AsyncSessions>;

    public sealed class LimitsInMemory : SessionLimits<MemorySubject, SyncSessions>;

    public sealed class LimitsInMemoryAsync : SessionLimits<MemorySubject, AsyncSessions>;

    public sealed class LimitsOnDisk : SessionLimits<CommitSubject, SyncSessions>;

    public sealed class LimitsOnDiskAsync : SessionLimits<CommitSubject, AsyncSessions>;

    public sealed class LimitsInAScope : SessionLimits<ScopeSubject, SyncSessions>;

    public sealed class LimitsInAScopeAsync : SessionLimits<ScopeSubject, AsyncSessions>;
}
