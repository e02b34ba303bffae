using Larder.Comparisons.Peers;
using Larder.Comparisons.Reporting;

namespace Larder.Comparisons.Measuring;

/// <summary>One run of the program: what is asked for, and what has been measured so far.</summary>
internal sealed class Run(Effort effort, bool gatesOnly, IReadOnlySet<string> only)
{
    public static readonly int[] ThreadCounts = [1, 2];

    public Effort Effort => effort;

    public PeerKind[] Peers => gatesOnly ? PeerKind.Judged : PeerKind.Everybody;

    public bool GatesOnly => gatesOnly;

    public List<Measurement> Measurements { get; } = [];

    /// <summary>What the reader of the tables has to know about this run: absent peers, mostly.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What was found out about the machine on the way: its disk, the versions of peers that are no packages.</summary>
    public List<(string What, string Value)> Facts { get; } = [];

    /// <summary>Whether any of these kinds of work is asked for.</summary>
    public bool Wants(params ReadOnlySpan<string> works)
    {
        foreach (string work in works)
        {
            if (only.Count == 0 || only.Contains(work))
            {
                return true;
            }
        }

        return false;
    }

    public void Measure(Work work, int entries, int threads, IReadOnlyList<Contender> contenders, int? rounds = null)
    {
        Progress($"{work.Name}, {Text.Count(entries)} entries, {Text.Threads(threads)}");
        Add(work, entries, threads, Interleaved.Run(contenders, rounds ?? effort.Rounds, WarmUpFor(work)));
    }

    public void Add(Work work, int entries, int threads, IReadOnlyList<Figure> figures) =>
        Measurements.Add(new Measurement(work, entries, threads, figures));

    public static void Progress(string what) => Console.Error.WriteLine($"  {what}");

    public Measurement? Find(Work work, int entries, int threads) =>
        Measurements.FirstOrDefault(m => m.Work == work && m.Entries == entries && m.Threads == threads);

    /// <summary>The first time needs it whole, for the compiler; later, at other sizes and with more threads, the code is there.</summary>
    private TimeSpan WarmUpFor(Work work) => Measurements.Exists(m => m.Work == work) ? effort.WarmUp / 8 : effort.WarmUp;
}
