namespace Larder.Comparisons.Inputs;

/// <summary>
/// Popularity as it is in practice: the k-th most popular key is asked for in proportion to 1 / k^0.99 (Gray's method, as in YCSB).
/// </summary>
internal sealed class Zipf
{
    private const double Theta = 0.99;

    private readonly Random _random;
    private readonly int _count;
    private readonly double _zeta;
    private readonly double _eta;

    public Zipf(int count, int seed)
    {
        _random = new Random(seed);
        _count = count;
        for (int i = 1; i <= count; i++)
        {
            _zeta += Math.Pow(i, -Theta);
        }

        double zetaOfTwo = 1 + Math.Pow(2, -Theta);
        _eta = (1 - Math.Pow(2.0 / count, 1 - Theta)) / (1 - (zetaOfTwo / _zeta));
    }

    /// <summary>Indices of keys, 0 the most popular; of a hundred, <paramref name="writesPerHundred"/> are complemented: writes.</summary>
    public int[] Sequence(int length, int writesPerHundred)
    {
        int[] keyOfRank = [.. Enumerable.Range(0, _count)];
        _random.Shuffle(keyOfRank);
        var sequence = new int[length];
        for (int i = 0; i < length; i++)
        {
            int index = keyOfRank[NextRank()];
            sequence[i] = _random.Next(100) < writesPerHundred ? ~index : index;
        }

        return sequence;
    }

    private int NextRank()
    {
        double u = _random.NextDouble();
        double scaled = u * _zeta;
        if (scaled < 1)
        {
            return 0;
        }

        return scaled < 1 + Math.Pow(0.5, Theta)
            ? 1
            : Math.Min(_count - 1, (int)(_count * Math.Pow((_eta * u) - _eta + 1, 1 / (1 - Theta))));
    }
}
