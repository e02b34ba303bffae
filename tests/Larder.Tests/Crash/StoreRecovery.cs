using Larder.Durability;

namespace Larder.Tests.Crash;

/// <summary>Opens stores on what crashes left of them.</summary>
/// <param name="setup">How.</param>
/// <param name="plant">Plants a bug in how they read.</param>
internal sealed class StoreRecovery(StoreSetup setup, Func<IFiles, IFiles>? plant = null) : IRecovery
{
    private const int Readers = 8;

    private static readonly byte[] _value = [.. Enumerable.Range(0, 40).Select(i => (byte)i)];

    private int _recoveries;

    public Recovered Recover(DiskImage image, DateTimeOffset now)
    {
        var clock = new ManualTimeProvider(now);
        var disk = new SimulatedDisk(image, remembers: false);
        Store store = Open(disk, clock);
        var recovered = new Recovered(store.Statistics.LastSequence, setup.Read(store));

        if (_recoveries++ % Readers == 0 && image.Files.Any(file => file.Key != SimulatedDisk.LockFile && !file.Key.EndsWith(".tmp", StringComparison.Ordinal)))
        {
            CheckReaders(image, recovered, clock);
        }

        // It must be of use, not just readable: a write that is acknowledged now outlives a crash that keeps nothing but what is certain.
        store.Set("afterwards", _value);
        if (!setup.AcknowledgesWrites)
        {
            store.Flush();
        }

        Content written = setup.Read(store);
        DiskImage certain = disk.Certain();
        disk.Kill();
        store = Open(new SimulatedDisk(certain, remembers: false), clock);
        Content found = setup.Read(store);
        return found.SameAt(now, written)
            ? recovered
            : throw new CrashException($"after commit {recovered.Sequence} had come back, a new write was acknowledged and lost, expected\n{written}but found\n{found}");
    }

    public Recording Record(DiskImage image, Recovered first, DateTimeOffset now)
    {
        var run = new StoreRun("recovery", setup, new SimulatedDisk(image), now);
        run.Recording.Holds(first.Sequence, first.Content);
        run.Recording.Returned("crash", new Promise(first.Sequence, first.Sequence, now));
        run.Open();
        run.Write("set", store => store.Set("afterwards", _value) > 0);
        run.Flush("flush", store => store.Flush());
        run.Write("remove", store => store.Remove("afterwards"));
        return run.Recording;
    }

    /// <summary>Those who only read find the same, call it sound, and leave the files alone.</summary>
    private void CheckReaders(DiskImage image, Recovered recovered, ManualTimeProvider clock)
    {
        var disk = new SimulatedDisk(image);
        using (Store store = setup.Open(disk.Boot(), clock, readOnly: true))
        {
            Content content = setup.Read(store);
            if (store.Statistics.LastSequence != recovered.Sequence || !content.SameAt(clock.GetUtcNow(), recovered.Content))
            {
                throw new CrashException($"opened for reading, commit {store.Statistics.LastSequence} is found rather than {recovered.Sequence}, with\n{content}");
            }
        }

        StoreReport report = Inspection.Run(disk.Boot(), setup.Key, new ReadingProgress(null, default));
        if (!report.IsSound || report.LastSequence != recovered.Sequence || disk.Operations.Count > 0)
        {
            throw new CrashException($"an inspection finds commit {report.LastSequence} rather than {recovered.Sequence}, and {string.Join(", ", report.Problems)}; {disk.Operations.Count} operations");
        }
    }

    private Store Open(SimulatedDisk disk, TimeProvider clock) => setup.Open(plant is null ? disk.Boot() : plant(disk.Boot()), clock);
}
