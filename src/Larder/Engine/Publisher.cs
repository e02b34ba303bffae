using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Larder.Changes;
using Larder.Entries;
using Larder.Eviction;

namespace Larder.Engine;

/// <summary>
/// Makes staged changes real: the last steps of every commit, and the only place where what readers find is changed. The store's gate is
/// held throughout.
/// </summary>
internal sealed class Publisher(int versionsToKeep, WatchHub log, Snapshots snapshots)
{
    private long _last;
    private long _evictions;
    private long _expirations;

    /// <summary>The sequence of the last commit.</summary>
    internal long LastSequence => Volatile.Read(ref _last);

    internal long Evictions => Volatile.Read(ref _evictions);

    internal long Expirations => Volatile.Read(ref _expirations);

    /// <summary>Whether no history, no scan and no listener needs to hear of what is replaced.</summary>
    internal bool IsUnobserved => versionsToKeep == 1 && snapshots.Count == 0 && log.IsIdle;

    /// <summary>
    /// The common write in few steps: the overwrite, while <see cref="IsUnobserved"/>, of a key that is there, by a version without a deadline
    /// in place of one without. Returns its sequence.
    /// </summary>
    internal long OverwriteLocked(Contents contents, Node node, Record version)
    {
        long sequence = _last + 1;
        version.Stamp(sequence, Expiry.Never);
        Volatile.Write(ref _last, sequence);
        long charged = Chain.Charge(node, version);
        if (charged != node.Charged)
        {
            contents.Count(0, charged - node.Charged);
            node.Charged = charged;
        }

        if (node.Older is not null)
        {
            node.Older = null;
        }

        node.Head = version;
        return sequence;
    }

    /// <summary>
    /// Makes staged changes real, in their order: one sequence, one record in the log, one moment for readers if <paramref name="isTogether"/>.
    /// </summary>
    internal long PublishLocked(Contents contents, Span<Staged> staged, List<byte[]>? cleared, bool isTogether)
    {
        long sequence = _last + 1;
        CommitFlag? flag = isTogether ? new CommitFlag(sequence) : null;
        bool keepsReplaced = isTogether || versionsToKeep > 1 || snapshots.Count > 0;

        // What can fail comes before the log has heard of the commit.
        foreach (ref Staged key in staged)
        {
            key.After.Stamp(sequence, key.Deadline);
            key.Replaced = keepsReplaced && !key.Node.Head.IsNone ? new Older(key.Node.Head, key.Node.Older) : null;
            if (!key.Node.IsLinked)
            {
                contents.Table.Reserve(key.Node.Hash);
            }
        }

        contents.Index.Reserve(staged.Length);
        contents.Deadlines.Reserve(staged.Length);
        if (!log.IsIdle)
        {
            AppendLocked(sequence, staged, cleared);
        }

        Volatile.Write(ref _last, sequence);
        long entries = 0;
        long bytes = 0;
        foreach (ref readonly Staged key in staged)
        {
            LinkLocked(contents, key, flag, ref entries, ref bytes);
        }

        if ((entries | bytes) != 0)
        {
            contents.Count(entries, bytes);   // once: on the way from one sum to the other neither may exceed the bound
        }

        flag?.Set();
        foreach (ref readonly Staged key in staged)
        {
            SettleLocked(contents, key.Node);
        }

        return sequence;
    }

    /// <summary>Says what the last commit was, before the first one: commits go on from there.</summary>
    internal void ResumeLocked(long sequence) => Volatile.Write(ref _last, sequence);

    /// <summary>Looks again at nodes that stayed for scans that have ended since.</summary>
    internal void TidyLocked(Contents contents, int most)
    {
        for (most = Math.Min(most, contents.ToTidy); most > 0 && contents.Limbo.TryDequeue(out Node? node); most--)
        {
            contents.ToTidy--;
            node.IsInLimbo = false;
            SettleLocked(contents, node);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AppendLocked(long sequence, ReadOnlySpan<Staged> staged, List<byte[]>? cleared)
    {
        if (staged.Length == 1 && cleared is not { Count: > 0 })
        {
            Change change = ChangeOf(sequence, staged[0]);
            log.Append(new ReadOnlySpan<Change>(in change));
            return;
        }

        var changes = new List<Change>(staged.Length + (cleared?.Count ?? 0));
        foreach (byte[] prefix in cleared ?? [])
        {
            changes.Add(new Change(ChangeKind.Clear, sequence, prefix));
        }

        foreach (ref readonly Staged key in staged)
        {
            if (key.IsPresent || key.Cause != ChangeKind.Clear)
            {
                changes.Add(ChangeOf(sequence, key));
            }
        }

        log.Append(CollectionsMarshal.AsSpan(changes));
    }

    private static Change ChangeOf(long sequence, in Staged staged) => staged.IsPresent
        ? new Change(ChangeKind.Set, sequence, staged.Node.Key, staged.After.Value, sequence, staged.Deadline, staged.After.Kind, MarksOf(staged))
        : new Change(staged.Cause, sequence, staged.Node.Key, default, staged.VersionBefore, Expiry.Never, ValueKind.Bytes);

    /// <summary>
    /// A key that was absent begins a history of its own, and says so: who rebuilds a store from changes may have dropped what was due without a
    /// change that says it, or may not have dropped it yet.
    /// </summary>
    private static ChangeMarks MarksOf(in Staged staged) =>
        staged.EndsHistory || staged.Before.IsNone ? ChangeMarks.EndsHistory
        : staged.IsTouch ? ChangeMarks.Touch
        : ChangeMarks.None;

    private void LinkLocked(Contents contents, in Staged staged, CommitFlag? flag, ref long entries, ref long bytes)
    {
        Node node = staged.Node;
        Record version = staged.After;
        long charged = version.IsTombstone ? 0 : Chain.Charge(node, version);
        if (staged.Replaced is { } replaced && !staged.Before.IsNone)
        {
            charged += ReplaceLocked(node, replaced, staged);
        }

        entries += (version.IsTombstone ? 0 : 1) - (staged.Before.IsNone ? 0 : 1);
        bytes += charged - node.Charged;
        node.Charged = charged;
        node.IsPresent = !version.IsTombstone;

        // In this order: who sees the new version finds the flag that says whether it counts, and what it replaces.
        node.Older = staged.Replaced;
        node.Pending = flag;
        node.Head = version;
        if (version.IsTombstone)
        {
            contents.Deadlines.Remove(node);
            contents.Queue?.Remove(node);
            Volatile.Write(ref _evictions, _evictions + (staged.Cause == ChangeKind.Evict ? 1 : 0));
            Volatile.Write(ref _expirations, _expirations + (staged.Cause == ChangeKind.Expire ? 1 : 0));
            return;
        }

        contents.Deadlines.Set(node, staged.Deadline);
        if (!node.IsLinked)
        {
            contents.Table.Add(node);
            contents.Index.Note(node);
        }

        if (contents.Queue is { } queue)
        {
            if (staged.Before.IsNone)
            {
                queue.Add(node);
            }
            else
            {
                EvictionQueue.Hit(node);
            }
        }
    }

    /// <summary>Moves what was there into the history, or out of it, and returns the bytes charged for what stays of it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long ReplaceLocked(Node node, Older replaced, in Staged staged)
    {
        if (!staged.IsTouch)
        {
            return Chain.Supersede(node, replaced, staged.EndsHistory ? 0 : versionsToKeep - 1, staged.After.Version);
        }

        replaced.SupersededAt = staged.After.Version;   // the same version under another deadline takes its place
        return node.Charged - Chain.Charge(node, replaced.Record);
    }

    /// <summary>Cuts what nobody needs any more; unlinks a node that holds nothing, unless a scan still needs it.</summary>
    private void SettleLocked(Contents contents, Node node)
    {
        if (node.Pending is not null)
        {
            node.Pending = null;
        }

        if (node.Older is null && node.IsPresent)
        {
            return;
        }

        bool isPinned = Chain.Trim(node, snapshots);
        if (isPinned && !node.IsInLimbo)
        {
            node.IsInLimbo = true;
            contents.Limbo.Enqueue(node);
        }
        else if (!isPinned && !node.IsPresent && node.IsLinked)
        {
            contents.Table.Remove(node);
            contents.Index.Note(node);
        }
    }
}
