using System.Text.Json.Serialization;
using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>
/// Seconds since 1970-01-01 UTC, over the full 64-bit range. The sender of an event chooses its time, so a store never makes a date of it.
/// In JSON a number.
/// </summary>
/// <param name="Value">The seconds.</param>
[JsonConverter(typeof(UnixSecondsJson))]
public readonly record struct UnixSeconds(ulong Value) : IComparable<UnixSeconds>
{
    /// <summary>The present time of a clock; before 1970 it is 0.</summary>
    public static UnixSeconds Now(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new((ulong)Math.Max(0, clock.GetUtcNow().ToUnixTimeSeconds()));
    }

    /// <summary>How many seconds have gone by since an earlier time; 0 when it is not earlier.</summary>
    public ulong Since(UnixSeconds earlier) => Value > earlier.Value ? Value - earlier.Value : 0;

    /// <inheritdoc/>
    public int CompareTo(UnixSeconds other) => Value.CompareTo(other.Value);

    /// <summary>The earlier is less.</summary>
    public static bool operator <(UnixSeconds left, UnixSeconds right) => left.Value < right.Value;

    /// <summary>The earlier is less.</summary>
    public static bool operator >(UnixSeconds left, UnixSeconds right) => left.Value > right.Value;

    /// <summary>The earlier is less.</summary>
    public static bool operator <=(UnixSeconds left, UnixSeconds right) => left.Value <= right.Value;

    /// <summary>The earlier is less.</summary>
    public static bool operator >=(UnixSeconds left, UnixSeconds right) => left.Value >= right.Value;
}
