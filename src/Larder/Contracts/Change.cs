using System.Diagnostics;
using System.Text;

namespace Larder;

/// <summary>What happened to a key, or to all of them.</summary>
public enum ChangeKind : byte
{
    /// <summary>The key has a new value, deadline or version.</summary>
    Set = 0,

    /// <summary>A caller removed the key.</summary>
    Remove = 1,

    /// <summary>The key's time ran out.</summary>
    Expire = 2,

    /// <summary>The bound drove the key out.</summary>
    Evict = 3,

    /// <summary>Every key that starts with <see cref="Change.Key"/> and is longer is gone; an empty key means all of them.</summary>
    Clear = 4,

    /// <summary>The reader of the stream was too slow: everything up to <see cref="Change.Sequence"/> that was not delivered before is lost to it.</summary>
    Missed = 5,
}

/// <summary>
/// One change that a commit made. Changes of one commit share a <see cref="Sequence"/>, are in the order in which they must be
/// applied, and are what a log writes and a watcher reads.
/// </summary>
[DebuggerDisplay("{Sequence}: {Kind} {Key}")]
public readonly struct Change
{
    private readonly long _beforeNever;   // counted back from never, so that the default value never expires

    /// <summary>Makes a change; for those who implement <see cref="IStore"/>.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="sequence">The sequence of the commit.</param>
    /// <param name="utf8Key">The key in UTF-8.</param>
    /// <param name="value">The new value of a set.</param>
    /// <param name="version">The new version of a set, the last version of what is gone.</param>
    /// <param name="expiresAt">When what was set expires; null for never.</param>
    /// <param name="valueKind">How the bytes of the value came to be.</param>
    public Change(
        ChangeKind kind,
        long sequence,
        ReadOnlyMemory<byte> utf8Key = default,
        ReadOnlyMemory<byte> value = default,
        long version = 0,
        DateTimeOffset? expiresAt = null,
        ValueKind valueKind = ValueKind.Bytes)
        : this(kind, sequence, utf8Key, value, version, expiresAt?.UtcTicks ?? Expiry.Never, valueKind)
    {
    }

    internal Change(
        ChangeKind kind,
        long sequence,
        ReadOnlyMemory<byte> utf8Key,
        ReadOnlyMemory<byte> value,
        long version,
        long expiresAt,
        ValueKind valueKind,
        ChangeMarks marks = ChangeMarks.None)
    {
        Kind = kind;
        Sequence = sequence;
        Utf8Key = utf8Key;
        Value = value;
        Version = version;
        ValueKind = valueKind;
        Marks = marks;
        _beforeNever = Expiry.Never - expiresAt;
    }

    /// <summary>What happened.</summary>
    public ChangeKind Kind { get; }

    /// <summary>The key.</summary>
    public string Key => Encoding.UTF8.GetString(Utf8Key.Span);

    /// <summary>The key in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8Key { get; }

    /// <summary>The new value of a set; empty otherwise.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>How the bytes of the value came to be.</summary>
    public ValueKind ValueKind { get; }

    /// <summary>The new version of a set; the last version of what is gone.</summary>
    public long Version { get; }

    /// <summary>When what was set expires, on the store's clock; null for never.</summary>
    public DateTimeOffset? ExpiresAt => _beforeNever == 0 ? null : new DateTimeOffset(Deadline, TimeSpan.Zero);

    /// <summary>The sequence of the commit; grows by one with every commit.</summary>
    public long Sequence { get; }

    /// <summary>When what was set expires, in UTC ticks; <see cref="Expiry.Never"/> for never.</summary>
    internal long Deadline => Expiry.Never - _beforeNever;

    /// <summary>What a set means for the history of its key. Watchers need not know; whoever rebuilds a store does.</summary>
    internal ChangeMarks Marks { get; }

    /// <summary>
    /// Whether a set only gave the entry another deadline. A log does not repeat the value then, so in a change that was read from one
    /// <see cref="Value"/> is empty.
    /// </summary>
    public bool IsTouch => (Marks & ChangeMarks.Touch) != 0;

    /// <summary>Whether the set begins a history of its own: the key was absent, or was taken away earlier in the same commit.</summary>
    internal bool EndsHistory => (Marks & ChangeMarks.EndsHistory) != 0;

    /// <summary>The same change that keeps nothing of the memory it was made over.</summary>
    internal Change Copy() => new(Kind, Sequence, Utf8Key.ToArray(), Value.ToArray(), Version, Deadline, ValueKind, Marks);

    /// <summary>The same change under a key without its first <paramref name="bytes"/> bytes.</summary>
    internal Change WithoutPrefix(int bytes) =>
        new(Kind, Sequence, Utf8Key.Length >= bytes ? Utf8Key[bytes..] : default, Value, Version, Deadline, ValueKind, Marks);

    /// <summary>The entry in the form of the set that would make it.</summary>
    internal static Change FromEntry(in Entry entry) =>
        new(ChangeKind.Set, entry.Version, entry.Utf8Key, entry.Value, entry.Version, entry.ExpiresAt, entry.Kind);
}
