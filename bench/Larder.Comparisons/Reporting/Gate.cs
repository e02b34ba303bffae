using Larder.Comparisons.Measuring;

namespace Larder.Comparisons.Reporting;

/// <summary>What a gate says of a run.</summary>
internal enum Verdict
{
    /// <summary>The ratio is where it has to be.</summary>
    Ok,

    /// <summary>It is not.</summary>
    Short,

    /// <summary>The peer is not on this machine.</summary>
    PeerAbsent,

    /// <summary>The work was left out by <c>--only</c>.</summary>
    NotMeasured,
}

/// <summary>
/// A ratio that has to hold before a release (<see cref="Goal"/>), and one where the design should end (<see cref="Stretch"/>).
/// Of several peers the best of the same run is the one that counts.
/// </summary>
internal sealed record Gate(string Number, Work Work, int Entries, int Threads, string[] Peers, double Goal, double Stretch, bool Below = false)
{
    public Gate(string number, Work work, int entries, int threads, string peer, double goal, double stretch, bool below = false)
        : this(number, work, entries, threads, [peer], goal, stretch, below)
    {
    }

    public string Name(Run run)
    {
        string peer = Peers.Length == 1 ? Peers[0] : $"the best peer, {run.Find(Work, Entries, Threads)?.Best(Peers)?.Name ?? "none"}";
        return $"{Work.Name}, {Text.Count(Entries)}, {Text.Threads(Threads)}, against {peer}";
    }

    public double? Ratio(Run run) => run.Find(Work, Entries, Threads)?.RatioTo(Peers);

    public Verdict Judge(Run run)
    {
        if (run.Find(Work, Entries, Threads) is null)
        {
            return Verdict.NotMeasured;
        }

        if (Ratio(run) is not { } ratio)
        {
            return Verdict.PeerAbsent;
        }

        bool holds = Below ? ratio < Goal : ratio <= Goal;
        return holds ? Verdict.Ok : Verdict.Short;
    }

    /// <summary>The gate in one plain line.</summary>
    public string Line(Run run)
    {
        string ratio = Ratio(run) is { } figure ? Text.Ratio(figure) : "-";
        return $"gate {Number} {Name(run)} ratio {ratio} gate {Text.Ratio(Goal)} stretch {Text.Ratio(Stretch)} {Word(Judge(run))}";
    }

    public static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Short => "short",
        Verdict.PeerAbsent => "peer absent",
        _ => "not measured",
    };
}
