using System.Diagnostics;
using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;

namespace Larder.Comparisons.Cases;

/// <summary>
/// Writes in blocks of 1,000 all over a loaded store, half of them to keys that are there, half to new ones that are taken out
/// again afterwards.
/// </summary>
internal sealed class Puts
{
    public const int PerBlock = 1_000;

    private readonly string[] _present;
    private readonly string[] _new;
    private readonly byte[][] _values = Values.Make();

    public Puts(int entries, Effort effort)
    {
        Blocks = Math.Max(2, effort.Operations / 8 / PerBlock);
        var random = new Random(19);
        _present = new string[Blocks * PerBlock / 2];
        _new = new string[_present.Length];
        for (int i = 0; i < _present.Length; i++)
        {
            _present[i] = Keys.Make(random.Next(entries));
            _new[i] = Keys.Make(random.Next(entries), Keys.Passing + i);
        }
    }

    /// <summary>How many blocks there are before <see cref="Undo"/> is due.</summary>
    public int Blocks { get; }

    /// <summary>Writes one block; returns the ticks that took.</summary>
    public long Write(Store store, int block)
    {
        long start = Stopwatch.GetTimestamp();
        int first = block * PerBlock / 2;
        for (int i = first; i < first + (PerBlock / 2); i++)
        {
            byte[] value = _values[i % _values.Length];
            store.Set(_present[i], value);
            store.Set(_new[i], value);
        }

        return Stopwatch.GetTimestamp() - start;
    }

    /// <summary>Takes out the new keys of the first <paramref name="blocks"/> blocks.</summary>
    public void Undo(Store store, int blocks)
    {
        for (int i = 0; i < blocks * PerBlock / 2; i++)
        {
            store.Remove(_new[i]);
        }
    }
}
