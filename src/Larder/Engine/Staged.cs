using Larder.Entries;

namespace Larder.Engine;

/// <summary>What one key was when a commit began and what it will be, before anything is published.</summary>
internal struct Staged(Node node, Record before)
{
    /// <summary>The place of the key; not linked yet when the key is new.</summary>
    internal readonly Node Node = node;

    /// <summary>The version that was there; none when the key was absent or expired.</summary>
    internal readonly Record Before = before;

    /// <summary>The version that will be there, a tombstone when the key goes; none while nothing changes.</summary>
    internal Record After;

    /// <summary>The link that will keep the version that was there, when somebody needs it.</summary>
    internal Older? Replaced;

    /// <summary>When <see cref="After"/> expires.</summary>
    internal long Deadline = Expiry.Never;

    /// <summary>Only the deadline changes: the history stays as it is.</summary>
    internal bool IsTouch;

    /// <summary>The key was taken away on the way: whatever comes after begins a history of its own.</summary>
    internal bool EndsHistory;

    /// <summary>What to call it when the key goes.</summary>
    internal ChangeKind Cause;

    internal readonly bool IsChanged => !After.IsNone;

    /// <summary>The version at this point of the commit; none, or a tombstone, when the key is absent.</summary>
    internal readonly Record Now => After.IsNone ? Before : After;

    internal readonly bool IsPresent => Now.IsPresent;

    /// <summary>When the present version expires; null when the key is absent.</summary>
    internal readonly long? NowDeadline => !IsPresent ? null : After.IsNone ? Before.ExpiresAt : Deadline;

    /// <summary>The version of what was there; 0 for nothing.</summary>
    internal readonly long VersionBefore => Before.IsNone ? 0 : Before.Version;

    /// <summary>An entry that time or the bound takes away.</summary>
    internal static Staged Gone(Node node, ChangeKind cause)
    {
        var staged = new Staged(node, Chain.Newest(node));
        staged.Take(cause);
        return staged;
    }

    /// <summary>Whether a condition holds now. What this very commit has set has no version that anybody could name.</summary>
    internal readonly bool Meets(long version) => IsChanged ? !IsPresent && version == 0 : VersionBefore == version;

    internal void Put(Record version, long deadline)
    {
        After = version;
        Deadline = deadline;
        IsTouch = false;
    }

    /// <summary>Gives what is there a new deadline. The copy may have been made before, outside the gate, if it is still a copy of that.</summary>
    internal void Touch(Record copy, long deadline)
    {
        bool isFirst = !IsChanged;
        IsTouch = isFirst || IsTouch;
        After = isFirst && !copy.IsNone && copy.Version == VersionBefore ? copy : Now.Copy();
        Deadline = deadline;
    }

    /// <summary>Takes the key away. One that was not there before and is taken away again has not changed at all.</summary>
    internal void Take(ChangeKind cause)
    {
        After = Before.IsNone ? default : Record.Tombstone();
        Deadline = Expiry.Never;
        Cause = cause;
        EndsHistory = true;
        IsTouch = false;
    }
}
