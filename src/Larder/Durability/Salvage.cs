using Larder.Changes;

namespace Larder.Durability;

/// <summary>
/// Reads what can be read of a damaged store, and tells what cannot: the newest whole checkpoint, and every readable commit behind it. When no checkpoint is
/// whole, and the log does not reach back to the beginning, what is left of the newest one.
/// </summary>
internal sealed class Salvage
{
    private readonly IFiles _files;
    private readonly Reading _strictly;
    private readonly Reading _how;
    private readonly IChangeTarget _target;
    private readonly DirectoryListing _listing;
    private readonly List<StoreDamagedException> _damage = [];

    private Salvage(IFiles files, Reading how, IChangeTarget target)
    {
        _files = files;
        _target = target;
        _listing = new DirectoryListing(files);
        _strictly = how;
        _how = how with { Damaged = _damage.Add, Sibling = PutStrangersAside() };
        Found.StoreId = _how.Sibling?.StoreId ?? OwnerNote.Of(files)?.StoreId;
    }

    /// <summary>What was read, as of a recovery.</summary>
    internal Recovered Found { get; } = new();

    /// <summary>Commits whose outcome was read.</summary>
    internal long Commits { get; private set; }

    /// <summary>Everything that is wrong. What cost commits names them; a first sequence of 0 says that it cost none.</summary>
    internal IReadOnlyList<StoreDamagedException> Damage => _damage;

    /// <summary>Reads the files and hands what is left in them to a target; the end is left to the caller.</summary>
    /// <exception cref="StoreDamagedException">All files are gone, or one is too new to be understood.</exception>
    /// <exception cref="IOException">There is no store.</exception>
    /// <exception cref="StoreKeyException">The key does not fit.</exception>
    internal static Salvage Run(IFiles files, Reading how, IChangeTarget target)
    {
        var salvage = new Salvage(files, how, target);
        salvage.Run();
        return salvage;
    }

    private void Run()
    {
        if (_listing.IsEmpty)
        {
            OwnerNote.Expect(_files, () => Found);   // refuses
        }

        _target.Begin();
        List<(FileHeader? Header, StoreDamagedException Damage)> broken = TakeCheckpoint();
        foreach (SegmentReader segment in new LogReader(_files, _listing, _how, Found).Segments())
        {
            while (segment.Next())
            {
                Commits += segment.Apply(_target) ? 1 : 0;
            }
        }

        foreach ((FileHeader? header, StoreDamagedException damage) in broken)
        {
            long last = header?.FirstSequence ?? 0;
            bool costs = last > Found.Last;
            _damage.Add(new StoreDamagedException(damage.File, damage.Offset, costs ? Found.Last + 1 : 0, damage.Problem, costs ? last : 0));
        }

        Compare();
    }

    /// <summary>The owner may have noted more than what is known to be lost.</summary>
    private void Compare()
    {
        long known = Math.Max(Found.Last, _damage.Select(static damage => damage.LastSequence).DefaultIfEmpty().Max());
        bool hasOpenEnd = _damage.Exists(static damage => damage is { FirstSequence: > 0, LastSequence: 0 });
        if (!hasOpenEnd && OwnerNote.Of(_files) is { } note && note.StoreId == Found.StoreId && note.Last > known)
        {
            _damage.Add(note.Shortage(_files.Path, Found));
        }
    }

    /// <summary>What belongs to another store than most is no part of this one. Returns a header of this one.</summary>
    private FileHeader? PutStrangersAside()
    {
        var headers = new List<FileHeader>();
        foreach ((FileKind kind, long number) in _listing.Files)
        {
            if (FrameReader.ReadHeader(_files, kind, number, out string problem) is { } header)
            {
                headers.Add(header);
            }
            else if (problem.Contains(FileHeader.Newer, StringComparison.Ordinal))
            {
                throw new StoreDamagedException(PathOf(kind, number), 0, 1, problem);
            }
        }

        FileHeader? own = headers.GroupBy(static header => header.StoreId).MaxBy(static store => store.Count())?.First();
        foreach (FileHeader stranger in headers.Where(header => header.StoreId != own!.StoreId))
        {
            (stranger.Kind == FileKind.Segment ? _listing.Segments : _listing.Checkpoints).Remove(stranger.Number);
            _damage.Add(new StoreDamagedException(
                PathOf(stranger.Kind, stranger.Number), 12, 0, $"the file belongs to another store, {stranger.StoreId}, the others to {own!.StoreId}"));
        }

        return own;
    }

    /// <summary>Takes the newest whole checkpoint, or what is left of one if need be. Returns those that are broken and were not taken.</summary>
    private List<(FileHeader? Header, StoreDamagedException Damage)> TakeCheckpoint()
    {
        List<(FileHeader?, StoreDamagedException)> broken = [];
        foreach (long number in _listing.Checkpoints.AsEnumerable().Reverse())
        {
            if (DamageOf(number) is not { } damage)
            {
                Take(number);
                Commits = Found.Last;
                return broken;
            }

            broken.Add((FrameReader.ReadHeader(_files, FileKind.Checkpoint, number, out _), damage));
        }

        bool reachesBack = _listing.Segments is [1, ..];
        Found.FirstSegment = _listing.Segments.Count == 0 ? 0 : 1;
        for (int i = 0; i < broken.Count && !reachesBack && Found.Checkpoint == 0; i++)
        {
            if (Take(_listing.Checkpoints[^(i + 1)]))
            {
                broken.RemoveAt(i);
            }
        }

        return broken;
    }

    private StoreDamagedException? DamageOf(long number)
    {
        try
        {
            using FrameReader reader = FrameReader.Open(_files, FileKind.Checkpoint, number, _strictly, out string problem)
                ?? throw new StoreDamagedException(PathOf(FileKind.Checkpoint, number), 0, 1, problem);
            new CheckpointReader(reader, _strictly).Read(target: null);
            return null;
        }
        catch (StoreDamagedException damage)
        {
            return damage;
        }
    }

    private bool Take(long number)
    {
        using FrameReader? reader = FrameReader.Open(_files, FileKind.Checkpoint, number, _how, out string problem)
            ?? FrameReader.Guess(_files, FileKind.Checkpoint, number, _how);
        if (reader is null)
        {
            return false;
        }

        if (reader.Header.IsGuess)
        {
            _damage.Add(new StoreDamagedException(reader.Path, 0, 0, problem));
        }

        var checkpoint = new CheckpointReader(reader, _how);
        checkpoint.Read(_target);
        Found.Take(number, reader, checkpoint);
        if (Found.FirstSegment == 0)
        {
            var log = new LogReader(_files, _listing, _how, Found);
            Found.FirstSegment = reader.IsBlind || checkpoint.IsDamaged ? log.FirstBehind(Found.Last) : log.FirstBeyond(Found.Last);
        }

        return true;
    }

    private string PathOf(FileKind kind, long number) => Path.Combine(_files.Path, FileName.Of(kind, number));
}
