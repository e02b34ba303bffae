using System.Diagnostics.CodeAnalysis;

namespace Larder.Tests.Child;

/// <summary>
/// Fills a store until the memory of the process is used up, catches that, takes the rest of it, goes on with small writes, makes room, writes again, and ends.
/// Steps are numbered through: a fill sets <c>fill{number}</c>, the small writes <c>small{number}</c>; what is removed is told as the
/// negative of its number.
/// </summary>
internal static class Filler
{
    /// <summary>How many small writes meet a heap in which nothing is left.</summary>
    private const int Starved = 300;

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the parent is told.")]
    public static int Run(Arguments arguments, Pipe pipe)
    {
        byte[] value = new byte[arguments.Number("bytes")];
        Array.Fill(value, (byte)'v');
        var ballast = new List<byte[]>(capacity: 50_000);
        try
        {
            Store store = Stores.Open(arguments);
            pipe.Tell(SignKind.Opened, sequence: store.Statistics.LastSequence);
            long filled = Until(pipe, 0, 0, long.MaxValue, number => store.Set($"fill{number}", value));
            TakeTheRest(ballast);
            for (long number = 0; number < Starved; number++)
            {
                Until(pipe, 1, number, number + 1, at => store.Set($"small{at}", "small"u8));
            }

            ballast.Clear();
            GC.Collect();
            Until(pipe, 2, 0, filled / 2, number => store.Remove($"fill{number}") ? 0 : throw new InvalidOperationException($"fill{number} is gone."));
            GC.Collect();
            Until(pipe, 1, Starved, Starved + 20, at => store.Set($"small{at}", "small"u8));
            return Ending.Come(arguments.Text("end", "dispose"), store, pipe);
        }
        catch (Exception error)
        {
            pipe.Refuse(error);
            return 1;
        }
    }

    /// <summary>Whatever is left of the heap, in ever smaller pieces.</summary>
    private static void TakeTheRest(List<byte[]> ballast)
    {
        for (int bytes = 64 * 1024; bytes >= 64; bytes /= 4)
        {
            try
            {
                while (ballast.Count < ballast.Capacity)
                {
                    ballast.Add(new byte[bytes]);
                }
            }
            catch (OutOfMemoryException)
            {
            }
        }
    }

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
