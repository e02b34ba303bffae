namespace Larder.Entries;

/// <summary>
/// The place of one key: its versions, and what the engine and the rooms that advise it note about it. <see cref="Head"/>,
/// <see cref="Older"/> and <see cref="Pending"/> are read without a lock; every other field that changes is guarded by the store's gate, except <see cref="Frequency"/>, which readers raise
/// without care for lost updates.
/// </summary>
/// <remarks>
/// What an overwrite asks of the version it replaces is noted here, so that it need not touch that version, which is likely to be far away.
/// </remarks>
internal sealed class Node(byte[] key, uint hash)
{
    internal readonly byte[] Key = key;

    private volatile byte[]? _head;

    /// <summary>The versions before the newest.</summary>
    internal volatile Older? Older;

    /// <summary>The batch under way that changes this key; null after it, and for all other commits.</summary>
    internal volatile CommitFlag? Pending;

    /// <summary>Bytes charged for all kept versions; 0 when the key is absent.</summary>
    internal long Charged;

    internal readonly uint Hash = hash;

    /// <summary>The newest version; none only before the first one is linked. Storing it publishes it.</summary>
    internal Record Head
    {
        get => new(_head);
        set => _head = value.Bytes;
    }

    /// <summary>Position in the deadline heap, -1 when the entry has no deadline.</summary>
    internal int DeadlineAt = -1;

    /// <summary>Which of its places in the eviction queues is the valid one.</summary>
    internal int Place;

    /// <summary>Whether the newest version is a value and no tombstone.</summary>
    internal bool IsPresent;

    /// <summary>Uses since the eviction queue last looked, at most 3.</summary>
    internal byte Frequency;

    /// <summary>Which queue of the eviction policy holds the node; 0 for none.</summary>
    internal byte Queue;

    /// <summary>Whether the key table holds the node. The ordered index drops, when it next merges, what is not linked.</summary>
    internal volatile bool IsLinked;

    /// <summary>Whether the node is part of the commit under way, which must not evict it.</summary>
    internal bool IsBusy;

    /// <summary>Whether the node waits to be trimmed when scans that began earlier have ended.</summary>
    internal bool IsInLimbo;
}
