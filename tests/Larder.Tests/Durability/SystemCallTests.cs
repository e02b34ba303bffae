using Larder.Tests.Child;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>What a durable store asks of the operating system, watched from outside: how often it flushes, in which order, and how it opens files.</summary>
[Collection(nameof(RealFiles))]
public sealed class SystemCallTests : IDisposable
{
    private readonly TemporaryDirectory _scratch = new();

    private string Store => _scratch.Under("store");

    public void Dispose() => _scratch.Dispose();

    [TraceFact]
    public void Every_commit_of_one_writer_is_flushed_once_before_it_is_acknowledged()
    {
        const int Steps = 60;
        Trace trace = Watch("mode=Commit", "threads=1", $"steps={Steps}");

        int[] signs = [.. trace.Calls.Index().Where(call => IsSign(call.Item)).Select(call => call.Index)];
        var model = new WriterModel(0);
        for (int step = 0; step < Steps; step++)
        {
            long commits = model.Commits;
            model.Apply(Plan.At(0, 0, step), 0);
            IEnumerable<SystemCall> between = trace.Calls.Skip(signs[step + 1]).Take(signs[step + 2] - signs[step + 1]);   // before the first: opening, opened
            Assert.Equal(model.Commits - commits, between.Count(IsSync));
        }

        Figures.Print($"system calls, 1 writer: {model.Commits} commits, {model.Commits} fdatasync");
    }

    [TraceFact]
    public void Commits_of_many_writers_share_flushes_one_to_a_group()
    {
        const int Writers = 8;
        const int Steps = 40;
        Trace trace = Watch("mode=Commit", $"threads={Writers}", $"steps={Steps}");

        int opened = trace.Calls.Index().Where(call => IsSign(call.Item)).ElementAt(1).Index;
        int done = trace.Calls.Index().Last(call => IsSign(call.Item) && call.Index > opened).Index;
        SystemCall[] calls = [.. trace.Calls.Take(done).Skip(opened).Where(call => IsSegment(call.FileName))];
        SystemCall[] syncs = [.. calls.Where(IsSync)];
        SystemCall[] writes = [.. calls.Where(IsWrite)];
        var models = Enumerable.Range(0, Writers).Select(writer => new WriterModel(writer)).ToArray();
        foreach (int writer in Enumerable.Range(0, Writers * Steps).Select(step => step % Writers))
        {
            models[writer].Apply(Plan.At(0, writer, models[writer].Steps), 0);
        }

        long commits = models.Sum(model => model.Commits);
        Assert.InRange(syncs.Length, commits / Writers, commits);
        Assert.InRange(writes.Length - syncs.Length, 0, 1);   // one write to each flush; the one at closing may be cut off here
        Assert.All(syncs.Zip(writes), pair => Assert.True(pair.Second.Precedes(pair.First), $"{pair.First} came before {pair.Second}"));
        Assert.All(syncs.Zip(syncs.Skip(1)), pair => Assert.True(pair.First.Precedes(pair.Second)));
        Figures.Print($"system calls, {Writers} writers: {commits} commits, {syncs.Length} groups, {syncs.Length} fdatasync, {writes.Length} writes");
    }

    [TraceFact]
    public void A_new_segment_is_there_for_good_before_the_old_one_names_it()
    {
        Trace trace = Watch("mode=Commit", "threads=2", "steps=150", "tiny");

        SystemCall[] renames = [.. Renames(trace).Where(call => IsSegment(NameOf(call)))];
        Assert.InRange(renames.Length, 3, 1000);
        foreach ((SystemCall before, SystemCall rename) in renames.Zip(renames.Skip(1)))
        {
            string temporary = Path.GetFileName(rename.Quoted[0]);
            SystemCall creation = trace.Calls.Last(call => IsNew(call) && call.FileName == temporary && call.Precedes(rename));
            SystemCall[] header = [.. trace.Calls.Where(call => call.FileName == temporary && creation.Precedes(call) && call.Precedes(rename))];
            SystemCall sync = header.Last(IsSync);
            SystemCall name = trace.Calls.First(call => IsSync(call) && call.File == Store && rename.Precedes(call));
            SystemCall end = trace.Calls.Last(call => IsWrite(call) && call.FileName == NameOf(before));
            SystemCall seal = trace.Calls.First(call => IsSync(call) && call.FileName == NameOf(before) && end.Precedes(call));
            SystemCall? first = trace.Calls.FirstOrDefault(call => IsWrite(call) && call.FileName == NameOf(rename));

            Assert.True(header.Last(IsWrite).Precedes(sync), $"{temporary} was written to after it was flushed");
            Assert.True(sync.Precedes(rename), $"{temporary} was named before its header was flushed");
            Assert.True(name.Precedes(end), $"{NameOf(before)} named its successor before the directory was flushed");
            Assert.True(first is null || seal.Precedes(first), $"{NameOf(rename)} was written to before {NameOf(before)} was sealed");
        }

        Figures.Print($"system calls, rotation: {renames.Length} segments, each with file and directory flushed before it is used");
    }

    [TraceTheory]
    [InlineData(DurabilityMode.Commit)]
    [InlineData(DurabilityMode.Snapshot)]
    public void A_checkpoint_gets_its_name_when_it_is_whole_and_nothing_is_deleted_before_that_is_certain(DurabilityMode mode)
    {
        Trace trace = Watch($"mode={mode}", "threads=2", "steps=200", "compact=50", "tiny", "interval=60000");

        SystemCall[] renames = [.. Renames(trace).Where(call => !IsSegment(NameOf(call)))];
        Assert.InRange(renames.Length, 3, 1000);
        foreach (SystemCall rename in renames)
        {
            string temporary = Path.GetFileName(rename.Quoted[0]);
            SystemCall creation = trace.Calls.Last(call => IsCreation(call) && call.FileName == temporary && call.Precedes(rename));
            SystemCall[] own = [.. trace.Calls.Where(call => call.FileName == temporary && creation.Precedes(call) && call.Precedes(rename))];
            SystemCall sync = own.Last(IsSync);
            SystemCall name = trace.Calls.First(call => IsSync(call) && call.File == Store && rename.Precedes(call));
            SystemCall? deletion = trace.Calls.FirstOrDefault(call => call.Name.StartsWith("unlink", StringComparison.Ordinal) && rename.Precedes(call));

            Assert.True(own.Last(IsWrite).Precedes(sync), $"{temporary} was written to after it was flushed");
            Assert.Contains(own, call => call.Name == "pread64" && sync.Precedes(call));
            Assert.True(deletion is null || name.Precedes(deletion), $"{deletion} came before the directory with {temporary}'s new name was flushed");
        }

        Assert.Contains(trace.Calls, call => call.Name.StartsWith("unlink", StringComparison.Ordinal));
        Figures.Print($"system calls, {mode}: {renames.Length} checkpoints, each flushed, read again, named, and named for good before anything is deleted");
    }

    [TraceFact]
    public void Files_are_created_new_for_the_owner_only_and_not_inherited()
    {
        Trace trace = Watch("mode=Commit", "threads=1", "steps=100", "compact=40", "tiny");

        SystemCall[] opened = [.. trace.Calls.Where(call => call.Name == "openat" && call.Quoted[0].StartsWith(Store + "/", StringComparison.Ordinal))];
        Assert.NotEmpty(opened);
        Assert.All(opened, call => Assert.Contains("O_CLOEXEC", call.Arguments, StringComparison.Ordinal));
        Assert.All(opened.Where(IsCreation), call => Assert.EndsWith(" 0600", call.Arguments, StringComparison.Ordinal));
        Assert.All(opened.Where(call => IsCreation(call) && call.FileName != "LOCK"), call => Assert.True(IsNew(call), call.ToString()));
        SystemCall made = Assert.Single(trace.Calls, call => call.Name.StartsWith("mkdir", StringComparison.Ordinal) && call.Quoted[0] == Store);
        Assert.EndsWith(" 0700", made.Arguments, StringComparison.Ordinal);
    }

    [TraceFact]
    public void Writers_do_not_flush_in_interval_mode()
    {
        Trace trace = Watch("mode=Interval", "interval=5", "threads=2", "steps=3000");

        HashSet<int> writers = [.. trace.Calls.Where(IsSign).Skip(2).SkipLast(1).Select(call => call.Thread)];
        int opened = trace.Calls.Index().Where(call => IsSign(call.Item)).ElementAt(1).Index;
        int done = trace.Calls.Index().Last(call => IsSign(call.Item)).Index;
        SystemCall[] calls = [.. trace.Calls.Take(done).Skip(opened)];
        Assert.Contains(calls, IsSync);
        Assert.DoesNotContain(calls, call => IsSync(call) && writers.Contains(call.Thread));
    }

    /// <summary>Runs writers to their end under the tracer.</summary>
    private Trace Watch(params string[] arguments)
    {
        string file = _scratch.Under("trace");
        using var child = new ChildProcess(["write", $"path={Store}", .. arguments], Trace.Words(file));
        child.WaitForEnd();
        Assert.Contains(child.Signs, sign => sign.Kind == SignKind.Closed);
        return Trace.Read(file);
    }

    private static bool IsSign(SystemCall call) => call.Name == "write" && call.File.StartsWith("pipe:", StringComparison.Ordinal) && call.Arguments.EndsWith($", {Sign.Size}", StringComparison.Ordinal);

    private static bool IsSync(SystemCall call) => call.Name is "fsync" or "fdatasync";

    private static bool IsWrite(SystemCall call) => call.Name is "pwrite64" or "pwritev";

    private static bool IsCreation(SystemCall call) => call.Name == "openat" && call.Error == "" && call.Arguments.Contains("O_CREAT", StringComparison.Ordinal);

    private static bool IsNew(SystemCall call) => IsCreation(call) && call.Arguments.Contains("O_EXCL", StringComparison.Ordinal);

    private static IEnumerable<SystemCall> Renames(Trace trace) => trace.Calls.Where(call => call.Name.StartsWith("rename", StringComparison.Ordinal));

    /// <summary>The new name that a file was given.</summary>
    private static string NameOf(SystemCall rename) => Path.GetFileName(rename.Quoted[1]);

    private static bool IsSegment(string name) => name.StartsWith("wal-", StringComparison.Ordinal);
}
