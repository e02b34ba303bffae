using System.Globalization;

namespace Larder.Tests.Concurrency;

internal enum CallKind : byte
{
    Get,
    Set,
    Add,
    Update,
    Remove,
    RemoveVersion,
    Increment,
    Touch,
    Load,

    /// <summary>Of caches: removes and tells what was there.</summary>
    Take,

    /// <summary>Of caches: removes everything.</summary>
    Clear,

    /// <summary>Of caches, and no call: the bound drove the value out that <see cref="Call.Argument"/> names.</summary>
    Evict,
}

/// <summary>One call on one key: what was asked, what was answered, and the interval, in time and on the manual clock, in which it took effect.</summary>
internal struct Call
{
    /// <summary>Stands for "never" and "leave as it is" in <see cref="Deadline"/>.</summary>
    public const long Never = long.MaxValue;
    public const long Keep = -1;

    public CallKind Kind;
    public int Key;

    /// <summary>The value to write, or to add. All values are whole numbers.</summary>
    public long Argument;
    public long Expected;
    public long Deadline;

    /// <summary>Found, applied, removed or touched; of a load of a cache: another load that it overlaps made its value.</summary>
    public bool Answer;

    /// <summary>The value read, the sum of an increment, the value of a load.</summary>
    public long Value;

    /// <summary>The version read or written; of a refusal the present one; 0 when there is none.</summary>
    public long Version;
    public long FoundDeadline;

    /// <summary>Whether a load ran its own factory.</summary>
    public bool Ran;

    public long Called;
    public long Returned;
    public long ClockAtCall;
    public long ClockAtReturn;

    /// <summary>Whether a load that it overlaps may find itself overtaken.</summary>
    public readonly bool MayWrite => Kind is not CallKind.Get and not CallKind.Evict;

    /// <summary>What <see cref="Deadline"/> says, as a caller says it.</summary>
    public readonly Expiry Expiry => Deadline switch
    {
        Keep => Expiry.Keep,
        Never => Expiry.None,
        _ => Expiry.At(new DateTimeOffset(Deadline, TimeSpan.Zero)),
    };

    public readonly bool Overlaps(in Call other) => Called <= other.Returned && other.Called <= Returned;

    public override readonly string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"[{Called}..{Returned}] clock {ClockAtCall}..{ClockAtReturn} key {Key} {Kind}({Argument}, expected {Expected}, until {Deadline}) -> {Answer} value {Value} v{Version} until {FoundDeadline}{(Ran ? " ran" : "")}");
}
