namespace Larder.Entries;

/// <summary>
/// A version that was replaced, kept for the history, for scans that began earlier or for readers of an unfinished batch; newest first. Its link
/// and its standing change under the store's gate. One that was cut out keeps its link, so that a scan standing on it walks on.
/// </summary>
internal sealed class Older(Record record, Older? next)
{
    internal readonly Record Record = record;

    internal volatile Older? Next = next;

    private long _supersededAt;

    /// <summary>
    /// The commit since which it is no longer part of the history (too old, touched, removed) but kept for scans at most, and charged no more; 0
    /// while it is. Set once, inside the gate.
    /// </summary>
    internal long SupersededAt
    {
        get => Volatile.Read(ref _supersededAt);
        set => Volatile.Write(ref _supersededAt, value);
    }

    internal bool IsSuperseded => SupersededAt != 0;

    /// <summary>
    /// Whether it was part of the history right after a commit at or behind its own. Needs no gate: what that commit and those before it did
    /// is known to whoever saw it, and what comes later does not change the answer.
    /// </summary>
    internal bool WasHistoryAt(long sequence)
    {
        long supersededAt = SupersededAt;
        return !Record.IsTombstone && (supersededAt == 0 || supersededAt > sequence);
    }
}
