using Larder.Tests.Contract;

namespace Larder.Tests.Conformance;

/// <summary>The key-value store with prefix scan: one suite, in memory and durable, sync and async, and behind rules.</summary>
public static class KeyValueConformance
{
    public sealed class MemoryChecks : KeyValueChecks<MemorySubject>;

    public sealed class AsyncChecks : KeyValueChecks<AsyncSubject>;

    public sealed class CommitChecks : KeyValueChecks<CommitSubject>;

    public sealed class AsyncCommitChecks : KeyValueChecks<AsyncCommitSubject>;

    public sealed class IntervalChecks : KeyValueChecks<IntervalSubject>;

    public sealed class ImageChecks : KeyValueChecks<ImageSubject>;

    public sealed class ValidatedChecks : KeyValueChecks<ValidatedSubject>;

    public sealed class MemoryPitfalls : KeyValuePitfalls<MemorySubject>;

    public sealed class AsyncPitfalls : KeyValuePitfalls<AsyncSubject>;

    public sealed class CommitPitfalls : KeyValuePitfalls<CommitSubject>;

    public sealed class AsyncCommitPitfalls : KeyValuePitfalls<AsyncCommitSubject>;
}
