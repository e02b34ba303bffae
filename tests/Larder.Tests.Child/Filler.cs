using System.Diagnostics.CodeAnalysis;

namespace Larder.Tests.Child;

/// <summary>
/// Fills a store until the memory of the process is used up, catches that, goes on with small writes, makes room, writes again, and ends.
/// Steps are numbered through: a fill sets <c>fill{number}</c>, the small writes <c>small{number}</c>; what is removed is told as the
/// negative of its number.
/// </summary>
internal static class Filler
{
    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the parent is told.")]
    public static int Run(Arguments arguments, Pipe pipe)
    {
        byte[] value = new byte[arguments.Number("bytes")];
        Array.Fill(value, (byte)'v');
        try
        {
            Store store = Stores.Open(arguments);
            pipe.Tell(SignKind.Opened, sequence: store.Statistics.LastSequence);
            long filled = Until(pipe, 0, number => store.Set($"fill{number}", value));
            long refusedAgain = 0;
            for (long number = 0; number < 20; number++)
            {
                refusedAgain += Until(pipe, 1, number, number + 1, at => store.Set($"small{at}", "small"u8)) == number ? 1 : 0;
            }

            Until(pipe, 2, 0, filled / 2, number => store.Remove($"fill{number}") ? 0 : throw new InvalidOperationException($"fill{number} is gone."));
            GC.Collect();
            Until(pipe, 1, 20, 40, at => store.Set($"small{at}", "small"u8));
            return Ending.Come(arguments.Text("end", "dispose"), store, pipe);
        }
        catch (Exception error)
        {
            pipe.Refuse(error);
            return 1;
        }
    }

    private static long Until(Pipe pipe, int kind, Func<long, long> step) => Until(pipe, kind, 0, long.MaxValue, step);

    /// <summary>Steps until one is refused. Returns the number of that one.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the parent is told.")]
    private static long Until(Pipe pipe, int kind, long first, long end, Func<long, long> step)
    {
        for (long number = first; number < end; number++)
        {
            try
            {
                pipe.Tell(SignKind.Applied, kind, number, step(number));
            }
            catch (Exception error)
            {
                pipe.Refuse(error, kind, number);
                return number;
            }
        }

        return end;
    }
}
