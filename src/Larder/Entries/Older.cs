namespace Larder.Entries;

/// <summary>
/// A version that was replaced, kept for the history, for scans that began earlier or for readers of an unfinished batch; newest first. Its link
/// and its standing change under the store's gate. One that was cut out keeps its link, so that a scan standing on it walks on.
/// </summary>
internal sealed class Older(Record record, Older? next)
{
    internal readonly Record Record = record;

    internal volatile Older? Next = next;

    /// <summary>No longer part of the history (too old, touched, removed), kept for a scan at most, charged no more.</summary>
    internal bool Superseded;
}
