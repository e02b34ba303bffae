using System.Buffers;
using System.Globalization;

namespace Larder.Cli.Commands;

/// <summary>The way people write when something ends: <c>5m</c>, <c>1h30m</c>, <c>2030-01-01T00:00:00Z</c>, <c>none</c>, <c>keep</c>.</summary>
internal static class ExpiryText
{
    private static readonly SearchValues<char> _digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, long Ticks)[] _units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), // before m and s, which it begins and ends with
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
        ("d", TimeSpan.TicksPerDay),
        ("w", 7 * TimeSpan.TicksPerDay),
    ];

    public static bool TryParse(string text, out Expiry expiry)
    {
        expiry = Expiry.None;
        switch (text)
        {
            case "none":
                return true;
            case "keep":
                expiry = Expiry.Keep;
                return true;
        }

        if (TryParseSpan(text, out TimeSpan lifetime))
        {
            expiry = Expiry.In(lifetime);
            return true;
        }

        // A date has a dash after its year; without this demand "10" would be read as a day of this month.
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (text.IndexOf('-', StringComparison.Ordinal) == 4 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out DateTimeOffset moment))
        {
            expiry = Expiry.At(moment);
            return true;
        }

        return false;
    }

    /// <summary>A sum of numbers with units; a lone 0 needs none.</summary>
    internal static bool TryParseSpan(string text, out TimeSpan span)
    {
        span = TimeSpan.Zero;
        decimal ticks = 0;
        ReadOnlySpan<char> rest = text == "0" ? "0s" : text;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(_digits);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount))
            {
                return false;
            }

            rest = rest[digits..];
            (string unit, long ticksOfUnit) = UnitAt(rest);
            if (ticksOfUnit == 0 || amount > TimeSpan.MaxValue.Ticks)
            {
                return false;
            }

            ticks += amount * ticksOfUnit;
            rest = rest[unit.Length..];
        }

        // What lies beyond the largest span saturates there, as expiries do everywhere.
        span = new TimeSpan((long)Math.Min(ticks, TimeSpan.MaxValue.Ticks));
        return text.Length > 0;
    }

    private static (string Unit, long Ticks) UnitAt(ReadOnlySpan<char> text)
    {
        foreach ((string unit, long ticks) in _units)
        {
            if (text.StartsWith(unit, StringComparison.Ordinal))
            {
                return (unit, ticks);
            }
        }

        return ("", 0);
    }
}
