namespace Larder.Comparisons.Measuring;

/// <summary>The figures of one piece of work, in the order of the contenders; the first is Larder's own.</summary>
internal sealed record Measurement(Work Work, int Entries, int Threads, IReadOnlyList<Figure> Figures)
{
    public Figure Ours => Figures[0];

    /// <summary>The best of these peers; null when none of them was there.</summary>
    public Figure? Best(params ReadOnlySpan<string> peers)
    {
        Figure? best = null;
        foreach (string peer in peers)
        {
            if (Figures.Skip(1).FirstOrDefault(f => f.Name == peer) is { } figure && !(figure.Median >= best?.Median))
            {
                best = figure;
            }
        }

        return best;
    }

    /// <summary>Larder's figure over that of the best of these peers, below 1 when Larder is better; null when none was there.</summary>
    public double? RatioTo(params ReadOnlySpan<string> peers) => Best(peers) is { } figure ? Ours.Median / figure.Median : null;
}

/// <summary>One contender's median over the rounds, with the least and the greatest of them.</summary>
internal sealed record Figure(string Name, double Median, double Least, double Greatest)
{
    public static Figure Of(string name, List<double> figures)
    {
        figures.Sort();
        int middle = figures.Count / 2;
        double median = figures.Count % 2 == 1 ? figures[middle] : (figures[middle - 1] + figures[middle]) / 2;
        return new Figure(name, median, figures[0], figures[^1]);
    }
}
