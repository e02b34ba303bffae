namespace Larder.Durability;

/// <summary>Reads every byte of every file of a store and says what is wrong: what the opening of the store would say, and what it would not even look at.</summary>
internal sealed class Inspection
{
    private readonly IFiles _files;
    private readonly Reading _how;
    private readonly DirectoryListing _listing;
    private readonly KeyCount _keys = new();
    private readonly List<StoreDamagedException> _damage = [];

    private Inspection(IFiles files, byte[]? key, ReadingProgress progress)
    {
        _files = files;
        _how = new Reading { Key = key, MayBeBlind = true, Step = progress.Read };
        _listing = new DirectoryListing(files);
        progress.Expect(2 * _listing.Bytes(files));   // once as at an opening, once file by file
    }

    /// <summary>Inspects a directory, which an owner may be writing to.</summary>
    /// <exception cref="StoreKeyException">The key is wrong.</exception>
    internal static StoreReport Run(IFiles files, byte[]? key, ReadingProgress progress)
    {
        IReadOnlyList<StoreProblem> before = [];
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                StoreReport report = new Inspection(files, key, progress).Run();
                if (report.IsSound || attempt == Beside.Tries || report.Problems.SequenceEqual(before))
                {
                    return report;
                }

                before = report.Problems;   // what is still wrong at a second look is wrong
            }
            catch (FileNotFoundException) when (attempt < Beside.Tries)
            {
                // The owner has removed it meanwhile.
            }

            Beside.Pause(attempt);
        }
    }

    private StoreReport Run()
    {
        Recovered found = Recover();
        List<StoreFileReport> reports = [];
        foreach ((FileKind kind, long number) in _listing.Files)
        {
            reports.Add(Inspect(kind, number, found));
        }

        return new StoreReport
        {
            Path = _files.Path,
            StoreId = found.StoreId ?? Guid.Empty,
            Files = [.. reports.OrderBy(static file => file.Name, StringComparer.Ordinal)],
            Problems = [.. _damage.DistinctBy(static damage => (damage.File, damage.Offset)).OrderBy(static damage => damage.FirstSequence).Select(ProblemOf)],
            LastSequence = found.Last,
            Entries = _keys.Keys,
            ClosedCleanly = found.IsClosed,
            TornBytes = found.TornBytes,
        };
    }

    /// <summary>Does what an opening does; and when that is refused, what a repair would do.</summary>
    private Recovered Recover()
    {
        try
        {
            Recovered found = OwnerNote.Expect(_files, () => Recovery.Run(_files, _how, _keys));
            if (found.Overcome is { } damage)
            {
                _damage.Add(WithoutLoss(damage));
            }

            return found;
        }
        catch (StoreDamagedException refusal)
        {
            Recovered found = Remains();
            _damage.Add(refusal);
            return found;
        }
    }

    private Recovered Remains()
    {
        try
        {
            var salvage = Salvage.Run(_files, _how, _keys);
            _damage.AddRange(salvage.Damage);
            return salvage.Found;
        }
        catch (StoreDamagedException)
        {
            return new Recovered();   // nothing remains; the refusal says why
        }
    }

    private StoreFileReport Inspect(FileKind kind, long number, Recovered found)
    {
        string name = FileName.Of(kind, number);
        using FrameReader? reader = FrameReader.Open(_files, kind, number, _how, out string problem);
        bool isNeeded = kind == FileKind.Checkpoint ? number == found.Checkpoint : found.FirstSegment != 0 && number >= found.FirstSegment;
        if (reader is null)
        {
            if (kind == FileKind.Checkpoint || !found.Unbegun.Contains(number))
            {
                _damage.Add(new StoreDamagedException(Path.Combine(_files.Path, name), 0, 0, problem));
            }

            return new StoreFileReport(name, NameOf(kind), LengthOf(name), 0, 0, 0, false, isNeeded);
        }

        Reading how = _how with { Damaged = damage => _damage.Add(WithoutLoss(damage)) };
        (long records, long last) = kind == FileKind.Checkpoint ? Inspect(new CheckpointReader(reader, how)) : Inspect(new SegmentReader(reader, how));
        return new StoreFileReport(name, NameOf(kind), reader.Length, records, reader.Header.FirstSequence, last, reader.Header.IsEncrypted, isNeeded);
    }

    private static (long Records, long Last) Inspect(CheckpointReader checkpoint)
    {
        checkpoint.Read(target: null);
        return (checkpoint.Records, checkpoint.Sequence);
    }

    private static (long Records, long Last) Inspect(SegmentReader segment)
    {
        while (segment.Next())
        {
            segment.Apply(target: null);
        }

        return (segment.Records, segment.Last);
    }

    internal static StoreProblem ProblemOf(StoreDamagedException damage) =>
        new(Path.GetFileName(damage.File), damage.Offset, damage.FirstSequence, damage.LastSequence, damage.Problem);

    /// <summary>What a file by itself cannot tell: whether somebody needs what is broken there.</summary>
    private static StoreDamagedException WithoutLoss(StoreDamagedException damage) => new(damage.File, damage.Offset, 0, damage.Problem);

    private static string NameOf(FileKind kind) => kind == FileKind.Segment ? "segment" : "checkpoint";

    private long LengthOf(string name)
    {
        using IFile file = _files.Open(name);
        return file.Length;
    }
}
