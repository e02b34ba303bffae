using Larder.Comparisons.Disk;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers.Durable;
using Larder.Comparisons.Reporting;

namespace Larder.Comparisons.Cases.Durable;

/// <summary>Everything that needs a disk.</summary>
internal static class DurableCases
{
    public static void Measure(Run run, BenchDirectory directory)
    {
        run.Facts.Add(("peers on disk", DurablePeers.Versions()));
        run.Facts.Add(("disk", $"{directory.FileSystem}; a write of {RawFile.RecordBytes} bytes and its fdatasync take {Flush(directory)}"));
        run.Notes.AddRange(DurablePeers.Absent());
        if (run.Wants(Work.Flushed.Selector))
        {
            FlushedCases.Measure(run, directory);
        }

        if (run.Wants(Work.Logged.Selector))
        {
            LoggedCases.Measure(run, directory);
        }

        if (run.Wants(Work.ReopenClosed.Selector))
        {
            ReopenCases.Measure(run, directory);
        }

        if (run.Wants(Work.DiskBatched.Selector))
        {
            DiskCases.Measure(run, directory);
        }

        if (run.Wants(Work.Snapshot.Selector))
        {
            SnapshotCases.Measure(run, directory);
        }

        if (run.Wants(Work.SeedPut.Selector))
        {
            SeedCases.Measure(run, directory);
        }
    }

    private static string Flush(BenchDirectory directory) => Text.Figure(directory.Flush.TotalNanoseconds, Unit.Time);
}
