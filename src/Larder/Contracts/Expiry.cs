using System.Diagnostics;

namespace Larder;

/// <summary>
/// When an entry stops being there. A <see cref="TimeSpan"/> (from now) and a <see cref="DateTimeOffset"/> (a moment)
/// convert implicitly. The default value means "no expiry" in a set and "leave it as it is" in an increment.
/// </summary>
/// <remarks>
/// An entry is there while <c>now &lt; deadline</c>, exactly, on every read. <see cref="Timeout.InfiniteTimeSpan"/> is no
/// expiry; zero or a moment that has passed removes the entry at once; every other negative time span is refused; what lies
/// beyond <see cref="DateTimeOffset.MaxValue"/> saturates there.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct Expiry : IEquatable<Expiry>
{
    /// <summary>The deadline, in ticks, of what never expires.</summary>
    internal const long Never = long.MaxValue;

    private readonly long _ticks;
    private readonly Mode _mode;

    private Expiry(Mode mode, long ticks = 0)
    {
        _mode = mode;
        _ticks = ticks;
    }

    private enum Mode : byte
    {
        Default,
        None,
        In,
        At,
        Keep,
        WhenNew,
        WhenNewNone,
    }

    /// <summary>Never expires; an earlier deadline is taken away.</summary>
    public static Expiry None => new(Mode.None);

    /// <summary>Keeps the deadline the entry has; a new entry gets none.</summary>
    public static Expiry Keep => new(Mode.Keep);

    /// <summary>Expires when <paramref name="lifetime"/> has passed, counted from the write.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is negative and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public static Expiry In(TimeSpan lifetime) =>
        lifetime == Timeout.InfiniteTimeSpan ? None : new(Mode.In, Checked(lifetime));

    /// <summary>Expires at <paramref name="moment"/>, on the store's clock.</summary>
    public static Expiry At(DateTimeOffset moment) => new(Mode.At, moment.UtcTicks);

    /// <summary>Gives a new entry this lifetime and leaves the deadline of an existing one alone: the rule of a fixed window.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is negative and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public static Expiry WhenNew(TimeSpan lifetime) =>
        lifetime == Timeout.InfiniteTimeSpan ? new(Mode.WhenNewNone) : new(Mode.WhenNew, Checked(lifetime));

    /// <summary>The same as <see cref="In(TimeSpan)"/>.</summary>
    public static implicit operator Expiry(TimeSpan lifetime) => In(lifetime);

    /// <summary>The same as <see cref="At(DateTimeOffset)"/>.</summary>
    public static implicit operator Expiry(DateTimeOffset moment) => At(moment);

    /// <summary>Whether the two say the same.</summary>
    public static bool operator ==(Expiry left, Expiry right) => left.Equals(right);

    /// <summary>Whether the two say different things.</summary>
    public static bool operator !=(Expiry left, Expiry right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Expiry other) => _mode == other._mode && _ticks == other._ticks;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Expiry other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_mode, _ticks);

    /// <inheritdoc/>
    public override string ToString() => _mode switch
    {
        Mode.In => $"in {new TimeSpan(_ticks):c}",
        Mode.At => $"at {new DateTimeOffset(_ticks, TimeSpan.Zero):O}",
        Mode.Keep => "keep",
        Mode.WhenNew => $"in {new TimeSpan(_ticks):c} when new",
        Mode.WhenNewNone => "none when new",
        _ => "none",
    };

    /// <summary>
    /// The deadline this gives an entry, in UTC ticks, <see cref="Never"/> for none.
    /// <paramref name="existing"/> is the present deadline, null when there is no entry.
    /// </summary>
    internal long DeadlineAt(long now, long? existing, bool keepByDefault = false) => _mode switch
    {
        Mode.Default => keepByDefault ? existing ?? Never : Never,
        Mode.In => After(now),
        Mode.At => _ticks,
        Mode.Keep or Mode.WhenNewNone => existing ?? Never,
        Mode.WhenNew => existing ?? After(now),
        _ => Never,
    };

    /// <summary>Whether a plain set with this never expires.</summary>
    internal bool IsNone => _mode is Mode.Default or Mode.None;

    /// <summary>Whether <see cref="DeadlineAt"/> needs to know the present deadline; most writes do not, and need not look for it.</summary>
    internal bool NeedsExisting(bool keepByDefault) =>
        _mode is Mode.Keep or Mode.WhenNew or Mode.WhenNewNone || (_mode == Mode.Default && keepByDefault);

    /// <summary>Whether <see cref="DeadlineAt"/> needs to know the time or compares with it; the common write has no expiry and asks no clock.</summary>
    internal bool NeedsClock => _mode is Mode.In or Mode.At or Mode.WhenNew;

    private static long Checked(TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.Zero);
        return lifetime.Ticks;
    }

    private long After(long now) => _ticks > DateTimeOffset.MaxValue.UtcTicks - now ? DateTimeOffset.MaxValue.UtcTicks : now + _ticks;
}
