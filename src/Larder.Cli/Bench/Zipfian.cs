namespace Larder.Cli.Bench;

/// <summary>
/// Numbers from 0 to n - 1 of which small ones are likelier, by the method of Gray et al. (SIGMOD 1994) and with the skew that YCSB
/// uses. Immutable, so threads share one and bring their own randomness.
/// </summary>
internal sealed class Zipfian
{
    private const double Skew = 0.99;

    private readonly long _items;
    private readonly double _zeta;
    private readonly double _alpha = 1 / (1 - Skew);
    private readonly double _eta;

    public Zipfian(long items)
    {
        _items = items;
        for (long i = 1; i <= items; i++)
        {
            _zeta += 1 / Math.Pow(i, Skew);
        }

        double zetaOfTwo = 1 + Math.Pow(0.5, Skew);
        _eta = (1 - Math.Pow(2.0 / items, 1 - Skew)) / (1 - (zetaOfTwo / _zeta));
    }

    /// <summary>The next number: 0 is the likeliest.</summary>
    public long Next(Random random)
    {
        double u = random.NextDouble();
        double scaled = u * _zeta;
        if (scaled < 1 || _items == 1)
        {
            return 0;
        }

        return scaled < 1 + Math.Pow(0.5, Skew)
            ? 1
            : Math.Min(_items - 1, (long)(_items * Math.Pow((_eta * u) - _eta + 1, _alpha)));
    }

    /// <summary>The same likelihoods strewn over all numbers, so that popular keys are not neighbours.</summary>
    public long NextScattered(Random random) => (long)(Scatter((ulong)Next(random)) % (ulong)_items);

    /// <summary>The finalizer of SplitMix64.</summary>
    private static ulong Scatter(ulong number)
    {
        number += 0x9E3779B97F4A7C15;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
