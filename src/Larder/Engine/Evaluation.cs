using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Larder.Entries;

namespace Larder.Engine;

/// <summary>What an operation makes of a key: the meaning of every write, without its publication.</summary>
internal static class Evaluation
{
    private const int MostDigits = 20;   // of a 64-bit number with its sign

    /// <summary>
    /// Applies an operation to what is staged; false, and nothing done, when its condition does not hold. <paramref name="version"/> is what a
    /// put puts, and perhaps a copy of what a touch touches.
    /// </summary>
    /// <exception cref="NotACounterException">An increment met something else.</exception>
    /// <exception cref="OverflowException">The sum does not fit.</exception>
    internal static bool Apply(in Operation operation, Record version, ref Staged staged, ref CommitTime time, out long number)
    {
        number = 0;
        if (operation.Expected != Operation.AnyVersion && !staged.Meets(operation.Expected))
        {
            return false;
        }

        Record present = staged.Now;
        switch (operation.Verb)
        {
            case Verb.Put:
                break;
            case Verb.Increment:
                version = Incremented(present, staged.Node.Key, operation.By, out number);
                break;
            case Verb.Touch when present.IsPresent:
                break;
            case Verb.Remove when present.IsPresent:
                staged.Take(ChangeKind.Remove);
                return true;
            default:
                return false;
        }

        bool keepByDefault = operation.Verb == Verb.Increment;
        long now = operation.Expiry.NeedsClock ? time.Now : 0;
        long? existing = operation.Expiry.NeedsExisting(keepByDefault) ? staged.NowDeadline : null;
        long deadline = operation.Expiry.DeadlineAt(now, existing, keepByDefault);
        if (deadline <= now)
        {
            staged.Take(ChangeKind.Remove);
        }
        else if (operation.Verb == Verb.Touch)
        {
            staged.Touch(version, deadline);
        }
        else
        {
            staged.Put(version, deadline);
        }

        return true;
    }

    /// <summary>The counter after an increment; an absent one counts from 0.</summary>
    internal static Record Incremented(Record present, ReadOnlySpan<byte> key, long by, out long number)
    {
        number = Sum(present.IsPresent ? CountOf(present, key) : 0, by);
        return CounterOf(number);
    }

    /// <summary>Only the canonical form counts: no sign but '-', no leading zeros, nothing before or after.</summary>
    private static long CountOf(Record record, ReadOnlySpan<byte> key)
    {
        return Utf8Parser.TryParse(record.Span, out long number, out int used) && used == record.Length
            && (record.Kind == ValueKind.Counter || CounterOf(number).Span.SequenceEqual(record.Span))
                ? number
                : throw new NotACounterException(Encoding.UTF8.GetString(key));
    }

    private static long Sum(long count, long by)
    {
        long sum = unchecked(count + by);
        return (count ^ sum) >= 0 || (by ^ sum) >= 0
            ? sum
            : throw new OverflowException($"a counter at {count} cannot take {by} more in 64 bits; it was left as it is.");
    }

    private static Record CounterOf(long number)
    {
        Span<byte> digits = stackalloc byte[MostDigits];
        number.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        return Record.Of(digits[..length], ValueKind.Counter);
    }
}
