namespace Larder.Tests.Crash;

/// <summary>A store that was closed, or killed when everything was on the disk: its files, what it holds, and what earlier moments of the same files looked like.</summary>
internal sealed class QuietStore
{
    private readonly StoreSetup _setup;
    private readonly StoreRun _run;

    public QuietStore(StoreSetup setup, bool closes, params Step[] steps)
    {
        _setup = setup;
        _run = new StoreRun("quiet", setup, new SimulatedDisk(DiskImage.Empty));
        _run.Open();
        foreach (Step step in steps)
        {
            step.Run(_run);
        }

        if (closes)
        {
            _run.Close();
        }

        Image = _run.Disk.Certain();
        Sequence = _run.Recording.Last.Issued;
    }

    public DiskImage Image { get; }

    /// <summary>The last commit.</summary>
    public long Sequence { get; }

    /// <summary>The files that count, by name.</summary>
    public IEnumerable<string> Names => Image.Files.Select(file => file.Key).Where(name => name != SimulatedDisk.LockFile).Order(StringComparer.Ordinal);

    /// <summary>Every other content that a sector of a file had in the course of time.</summary>
    public IEnumerable<(string Name, int Sector, byte[] Content)> OlderSectors()
    {
        var disk = new DiskState(DiskImage.Empty);
        var seen = new HashSet<string>();
        Dictionary<int, string> names = _run.Disk.State.Names.ToDictionary(entry => entry.Value, entry => entry.Key);   // as they are in the end
        foreach (DiskOperation operation in _run.Recording.Operations)
        {
            disk.Apply(operation);
            foreach (Pending piece in disk.Pending.ToArray().Where(piece => piece.Kind == PendingKind.Data))
            {
                if (names.TryGetValue(piece.File, out string? name) && seen.Add($"{name} {piece.Number} {Convert.ToHexString(piece.Content!)}"))
                {
                    yield return (name, piece.Number, piece.Content!);
                }
            }
        }
    }

    /// <summary>
    /// Opens a store on files that were tampered with. It must refuse them, precisely and without touching them, or hold exactly what it held;
    /// or, if only that could be the newest record, lack exactly the newest commit. Returns which.
    /// </summary>
    public Verdict Judge(DiskImage image)
    {
        var disk = new SimulatedDisk(image);
        try
        {
            Store store = _setup.Open(disk.Boot(), _run.Clock);
            long sequence = store.Statistics.LastSequence;
            Content expected = _run.Recording.ContentAt(sequence, int.MaxValue) ?? throw new CrashException($"nobody knows of commit {sequence}");
            if (sequence < Sequence - 1 || sequence > Sequence || !expected.SameAt(_run.Clock.GetUtcNow(), _setup.Read(store)))
            {
                throw new CrashException($"opened at commit {sequence} of {Sequence}, with\n{_setup.Read(store)}");
            }

            store.Dispose();
            return sequence == Sequence ? Verdict.Whole : Verdict.WithoutTheNewest;
        }
        catch (StoreDamagedException damaged)
        {
            Untouched(disk, damaged);
            return damaged.File.Length > 0 && damaged.Offset >= 0 && damaged.FirstSequence >= 0
                ? Verdict.Refused
                : throw new CrashException("refused without saying where", damaged);
        }
        catch (StoreKeyException refused)
        {
            Untouched(disk, refused);
            return Verdict.Refused;
        }
    }

    private static void Untouched(SimulatedDisk disk, Exception refused)
    {
        if (!disk.Seen().SameAs(disk.Start))
        {
            throw new CrashException($"refused, but the files were changed: {disk.Start} became {disk.Seen()}", refused);
        }
    }
}

/// <summary>What a store made of files that were tampered with.</summary>
internal enum Verdict
{
    Refused,
    Whole,
    WithoutTheNewest,
}
