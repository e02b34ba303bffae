using Larder.Durability;

namespace Larder.Tests.Crash;

/// <summary>
/// A store on a simulated disk, call by call: after each one it is noted what the store holds and what it has promised, so that the
/// crashes of the run can be checked afterwards. What the store holds in memory is its own model; whether that is right is asked elsewhere.
/// </summary>
internal sealed class StoreRun
{
    private readonly Func<IFiles, IFiles>? _plant;
    private Content _content = new();

    /// <param name="name">For people.</param>
    /// <param name="setup">How the store is opened.</param>
    /// <param name="disk">The disk; empty at first, or left by a crash.</param>
    /// <param name="now">The clock.</param>
    /// <param name="plant">Plants a bug or a fault between the store and the disk.</param>
    public StoreRun(string name, StoreSetup setup, SimulatedDisk disk, DateTimeOffset? now = null, Func<IFiles, IFiles>? plant = null)
    {
        _plant = plant;
        Setup = setup;
        Disk = disk;
        Clock = new ManualTimeProvider(now);
        Recording = new Recording(name, disk);
        Recording.Holds(0, _content);
    }

    public StoreSetup Setup { get; private set; }

    public SimulatedDisk Disk { get; }

    public ManualTimeProvider Clock { get; }

    public Recording Recording { get; }

    public Store Store { get; private set; } = null!;

    /// <summary>Opens the store, in a new process if there was one before.</summary>
    public void Open(string what = "open")
    {
        IFiles files = Disk.Boot();
        Store = Setup.Open(_plant is null ? files : _plant(files), Clock);
        Content content = Setup.Read(Store);
        long sequence = Store.Statistics.LastSequence;
        Promise last = Recording.Last;
        if (sequence < last.Acknowledged || sequence > last.Issued || (last.Issued > 0 && !Recording.ContentAt(sequence, Disk.Operations.Count)!.SameAt(Clock.GetUtcNow(), content)))
        {
            throw new CrashException($"{what}: commit {sequence} was opened, of {last}, with\n{content}");
        }

        Note(what, isFlushed: false);
    }

    /// <summary>Closes the store and opens it again: in every mode everything is still there.</summary>
    public void Reopen()
    {
        Close();
        Open();
    }

    /// <summary>Closes the store and opens it in another mode.</summary>
    public void Reopen(DurabilityMode mode)
    {
        Close();
        Setup = Setup with { Durability = mode };
        Open($"open in {mode} mode");
    }

    /// <summary>Closes the store.</summary>
    public void Close()
    {
        long sequence = Store.Statistics.LastSequence;
        Store.Dispose();
        Recording.Returned("close", new Promise(sequence, sequence, Clock.GetUtcNow()));
    }

    /// <summary>Kills the process and opens the store in another one: what it had written is still there, what it held back is not.</summary>
    public void Kill() => Open("kill and open");

    /// <summary>A call that returns when its commit is as durable as the mode has it; and whether there was one.</summary>
    public void Write(string what, Func<Store, bool> write)
    {
        bool applied = write(Store);
        Note(what, isFlushed: applied && Setup.AcknowledgesWrites);
    }

    /// <summary>A call after which everything is durable in every mode.</summary>
    public void Flush(string what, Action<Store> flush)
    {
        flush(Store);
        Note(what, isFlushed: true);
    }

    /// <summary>A call has failed: it promises nothing, but what it issued may be on the disk.</summary>
    public void Failed(string what) => Note(what, isFlushed: false);

    /// <summary>Lets time go by; what falls due expires without anybody waiting for that.</summary>
    public void Advance(TimeSpan by)
    {
        Clock.Advance(by);
        Note($"{by} go by", isFlushed: false);
    }

    /// <summary>A call has returned. Commits between the one before and its own, if any, are those of entries that fell due meanwhile.</summary>
    private void Note(string what, bool isFlushed)
    {
        StoreStatistics now = Store.Statistics;
        for (long between = Recording.Last.Issued + 1; between < now.LastSequence; between++)
        {
            Recording.Holds(between, _content);
        }

        _content = Setup.Read(Store);
        Recording.Holds(now.LastSequence, _content);
        long acknowledged = Math.Max(now.DurableSequence, isFlushed ? now.LastSequence : Recording.Last.Acknowledged);
        Recording.Returned(what, new Promise(acknowledged, now.LastSequence, Clock.GetUtcNow()));
    }
}
