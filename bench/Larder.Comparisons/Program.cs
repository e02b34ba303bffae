using System.Globalization;
using System.Runtime.InteropServices;
using Larder;
using Larder.Comparisons;
using Larder.Comparisons.Cases;
using Larder.Comparisons.Cases.Caches;
using Larder.Comparisons.Cases.Durable;
using Larder.Comparisons.Cases.NostrMls;
using Larder.Comparisons.Disk;
using Larder.Comparisons.HitRate;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;
using Larder.Comparisons.Reporting;

const int Ok = 0;
const int GateShort = 1;
const int Usage = 2;
const int NotOnDisk = 4;

if (args is [FootprintCases.Child, var peer, var count, var scan])
{
    FootprintCases.RunChild(peer, int.Parse(count, CultureInfo.InvariantCulture), bool.Parse(scan));
    return Ok;
}

if (args is [CacheFootprintCases.Child, var cache, var size, var churn])
{
    CacheFootprintCases.RunChild(cache, int.Parse(size, CultureInfo.InvariantCulture), double.Parse(churn, CultureInfo.InvariantCulture));
    return Ok;
}

if (args is [HitRateCommand.Word, .. var asked])
{
    return HitRateCommand.Run(asked);
}

// A signal ends the program in good order: what cleans up at its end must not leave a server or files behind.
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

Options options;
try
{
    options = Options.Parse(args);
}
catch (ArgumentException problem)
{
    Console.Error.WriteLine(problem.Message);
    return Usage;
}

var run = new Run(options.Effort, options.GatesOnly, options.Only);
try
{
    // First of all: whether the files are on a disk is known in a moment, the rest takes minutes.
    using BenchDirectory? directory = run.Wants(Work.OnDisk) ? BenchDirectory.Make(options.Path, run.Effort) : null;
    MeasureAll(run);
    if (directory is not null)
    {
        DurableCases.Measure(run, directory);
    }
}
catch (NotOnDiskException problem)
{
    Console.Error.WriteLine(problem.Message);
    return NotOnDisk;
}

Gate[] gates = [.. Gates.Of(run.Effort).Where(g => g.Judge(run) != Verdict.NotMeasured)];
foreach (Gate gate in gates)
{
    Console.WriteLine(gate.Line(run));
}

foreach (string line in Report.Tables(run))
{
    Console.WriteLine(line);
}

Directory.CreateDirectory(options.Results);
string file = Path.Combine(options.Results, $"{Report.Today()}-{options.What}.md");
File.WriteAllLines(file, Report.Document(run, options));
Console.WriteLine();
Console.WriteLine($"written to {Path.GetRelativePath(Environment.CurrentDirectory, file)}");
if (run.Effort.MeansNothing)
{
    Console.WriteLine("A smoke run shows that everything runs. Its figures mean nothing.");
    return Ok;
}

return options.GatesOnly && gates.Any(g => g.Judge(run) == Verdict.Short) ? GateShort : Ok;

static void End(PosixSignalContext context)
{
    context.Cancel = true;
    Environment.Exit(128 + (context.Signal == PosixSignal.SIGINT ? 2 : 15));
}

static void MeasureAll(Run run)
{
    if (run.Wants("scan") && !LmdbPeer.IsPresent)
    {
        run.Notes.Add("LMDB: peer absent, the system has no liblmdb.so.0 (Debian: liblmdb0).");
    }

    foreach (int entries in run.Effort.Sizes)
    {
        if (run.Wants("get", "missing", "set", "mixed", "scan", "wait"))
        {
            using var loaded = new LoadedPeers(run, entries);
            PointCases.Measure(run, loaded);
            if (run.Wants("scan"))
            {
                ScanCases.Measure(run, loaded);
            }

            if (run.Wants("wait") && entries == run.Effort.Large)
            {
                WriterWaitCases.Measure(run, loaded);
            }
        }

        if (run.Wants("insert"))
        {
            InsertCases.Measure(run, entries);
        }

        if (run.Wants("increment"))
        {
            CounterCases.Measure(run, entries);
        }
    }

    if (run.Wants("first", "index"))
    {
        using var store = new Store();
        OrderedIndexCases.Load(store, run.Effort.Large);
        if (run.Wants("first"))
        {
            OrderedIndexCases.MeasureFirstEntry(run, store, run.Effort.Large);
        }

        if (run.Wants("index"))
        {
            OrderedIndexCases.MeasureWrites(run, store, run.Effort.Large);
        }
    }

    if (run.Wants("lock"))
    {
        LockCases.Measure(run);
    }

    if (run.Wants("groups") && !run.GatesOnly)
    {
        GroupCases.Measure(run);
    }

    if (run.Wants("sessions") && !run.GatesOnly)
    {
        SessionCases.Measure(run);
    }

    if (run.Wants("expiry") && !run.GatesOnly)
    {
        ExpiryCases.Measure(run, run.Effort.Large);
    }

    if (run.Wants("bytes"))
    {
        FootprintCases.Measure(run, run.Effort.Large);
    }

    CacheCases.Measure(run);
}
