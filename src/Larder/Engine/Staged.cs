using Larder.Entries;

namespace Larder.Engine;

/// <summary>What one key was when a commit began and what it will be, before anything is published.</summary>
internal struct Staged
{
    /// <summary>The place of the key; null while the key is new.</summary>
    internal Node? Node;

    /// <summary>The key, when it is new.</summary>
    internal byte[]? NewKey;

    internal ulong Hash;

    /// <summary>The version that was there; null when the key was absent or expired.</summary>
    internal Record? Before;

    /// <summary>The version that will be there, once the commit is certain to happen.</summary>
    internal Record? After;

    /// <summary>The value that will be there; null when the key will be absent.</summary>
    internal byte[]? Value;

    internal ValueKind Kind;

    internal long ExpiresAt;

    internal bool IsChanged;

    /// <summary>Only the deadline changes: the history stays as it is.</summary>
    internal bool IsTouch;

    /// <summary>What to call it when the key will be absent.</summary>
    internal ChangeKind Cause;

    internal readonly byte[] Key => Node?.Key ?? NewKey!;

    internal readonly bool IsPresent => Value is not null;

    /// <summary>The version that a condition meets: one that this commit gives is nobody's yet.</summary>
    internal readonly long Version => IsChanged ? (IsPresent ? long.MaxValue : 0) : Before?.Version ?? 0;

    /// <summary>An entry that time or the bound takes away.</summary>
    internal static Staged Gone(Node node, ChangeKind cause)
    {
        var staged = new Staged { Node = node, Before = Chain.Newest(node), ExpiresAt = Expiry.Never };
        staged.Take(cause);
        return staged;
    }

    internal void Put(byte[] value, ValueKind kind, long expiresAt)
    {
        Value = value;
        Kind = kind;
        ExpiresAt = expiresAt;
        IsTouch = false;
        IsChanged = true;
    }

    internal void Touch(long expiresAt)
    {
        IsTouch = !IsChanged || IsTouch;
        ExpiresAt = expiresAt;
        IsChanged = true;
    }

    /// <summary>Takes the key away. One that was not there before and is taken away again has not changed at all.</summary>
    internal void Take(ChangeKind cause)
    {
        Value = null;
        Cause = cause;
        IsTouch = false;
        IsChanged = Before is not null;
    }
}
