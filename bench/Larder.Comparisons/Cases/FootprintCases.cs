using System.Diagnostics;
using System.Globalization;
using Larder.Comparisons.Inputs;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;

namespace Larder.Comparisons.Cases;

/// <summary>
/// Bytes for each entry, keys included. Every peer is filled in a process of its own, this same program, so that nobody's
/// garbage is taken for somebody else's data.
/// </summary>
internal static class FootprintCases
{
    /// <summary>The word by which a child process knows what it is.</summary>
    public const string Child = "footprint-of";

    private const int Chunk = 1_000;

    public static void Measure(Run run, int entries)
    {
        Run.Progress($"bytes per entry, {Reporting.Text.Count(entries)} entries");
        var managed = new List<Figure>();
        var resident = new List<Figure>();
        foreach (PeerKind kind in run.Peers.Where(k => k.HoldsValues))
        {
            (double heap, double memory) = InChild(kind, entries, scan: false);
            managed.Add(new Figure(kind.Name, heap, heap, heap));
            resident.Add(new Figure(kind.Name, memory, memory, memory));
        }

        (double scanned, _) = InChild(PeerKind.Larder, entries, scan: true);
        run.Add(Work.Managed, entries, 1, managed);
        run.Add(Work.ManagedScanned, entries, 1, [new Figure(PeerKind.Larder.Name, scanned, scanned, scanned), .. managed.Skip(1)]);
        run.Add(Work.Resident, entries, 1, resident);
    }

    /// <summary>What the child does: fills one peer and prints its bytes per entry on the managed heap and in memory.</summary>
    public static void RunChild(string name, int entries, bool scan)
    {
        PeerKind kind = PeerKind.Everybody.Single(k => k.Name == name);
        byte[][] values = Values.Make();
        long heapBefore = Settle();
        long memoryBefore = Environment.WorkingSet;
        using Peer peer = kind.Create(entries);
        for (int first = 0; first < entries; first += Chunk)
        {
            string[] keys = Keys.Range(first, Math.Min(Chunk, entries - first));
            peer.Set(0, keys, values, 0, keys.Length);
        }

        if (scan)
        {
            peer.Scan(0, [Keys.Prefix(0)], 0, 1);
        }

        long heap = Settle() - heapBefore;
        long memory = Environment.WorkingSet - memoryBefore;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{heap / (double)entries:F1} {memory / (double)entries:F1}"));
    }

    private static long Settle()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static (double Managed, double Resident) InChild(PeerKind kind, int entries, bool scan)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(FootprintCases).Assembly.Location);
        }

        foreach (string argument in new[] { Child, kind.Name, entries.ToString(CultureInfo.InvariantCulture), scan.ToString() })
        {
            start.ArgumentList.Add(argument);
        }

        using Process child = Process.Start(start)!;
        string[] figures = child.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.TrimEntries);
        child.WaitForExit();
        return child.ExitCode == 0 && figures.Length == 2
            ? (double.Parse(figures[0], CultureInfo.InvariantCulture), double.Parse(figures[1], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"the process that measured {kind.Name} ended with {child.ExitCode}");
    }
}
