namespace Larder.Entries;

/// <summary>
/// One version of one key, or the mark that the key was gone from then on (a tombstone, without a value). What a version says never
/// changes once it is published; only its link to the version before it and its standing in the history do, under the store's gate.
/// </summary>
internal sealed class Record(byte[]? value, ValueKind kind)
{
    internal readonly byte[]? Value = value;

    /// <summary>The version before, kept for history, for scans that began earlier and for readers of an unfinished batch.</summary>
    internal volatile Record? Previous;

    /// <summary>Of the value; kept here so that accounts need not touch the value itself.</summary>
    internal readonly int Length = value?.Length ?? 0;

    internal readonly ValueKind Kind = kind;

    /// <summary>Guarded by the gate: no longer part of the history (too old, touched, removed), kept for a scan at most, charged no more.</summary>
    internal bool Superseded;

    internal long Version { get; private set; }

    internal long ExpiresAt { get; private set; }

    /// <summary>Set by batches: readers follow <see cref="Previous"/> until the whole batch is linked.</summary>
    internal CommitFlag? Commit { get; private set; }

    internal bool IsTombstone => Value is null;

    internal bool Expires => ExpiresAt != Expiry.Never;

    /// <summary>Says which commit the version belongs to and until when it holds: once, before it is published.</summary>
    internal void Stamp(long version, long expiresAt, CommitFlag? commit)
    {
        Version = version;
        ExpiresAt = expiresAt;
        Commit = commit;
    }
}

/// <summary>Shared by the versions that a batch writes. Setting it is the moment at which the batch takes effect for readers.</summary>
internal sealed class CommitFlag
{
    private volatile bool _isSet;

    internal bool IsSet => _isSet;

    internal void Set() => _isSet = true;
}
