namespace Larder.Durability;

/// <summary>What is in the directory of a store, by its names. Unknown names are none of our business.</summary>
internal sealed class DirectoryListing
{
    internal DirectoryListing(IFiles files)
    {
        foreach (string name in files.List())
        {
            if (FileName.TryParse(name, out FileKind kind, out long number))
            {
                (kind == FileKind.Segment ? Segments : Checkpoints).Add(number);
            }
            else if (FileName.IsTemporary(name))
            {
                Temporaries.Add(name);
            }
            else if (FileName.IsTorn(name))
            {
                Torn.Add(name);
            }
        }

        Segments.Sort();
        Checkpoints.Sort();
    }

    internal List<long> Segments { get; } = [];

    internal List<long> Checkpoints { get; } = [];

    internal List<string> Temporaries { get; } = [];

    internal List<string> Torn { get; } = [];

    /// <summary>All of both kinds.</summary>
    internal IEnumerable<(FileKind Kind, long Number)> Files =>
        Segments.Select(static number => (FileKind.Segment, number)).Concat(Checkpoints.Select(static number => (FileKind.Checkpoint, number)));

    internal bool IsEmpty => Segments.Count == 0 && Checkpoints.Count == 0;

    /// <summary>Bytes that they take.</summary>
    internal long Bytes(IFiles files) => Files.Sum(entry =>
    {
        try
        {
            using IFile file = files.Open(FileName.Of(entry.Kind, entry.Number));
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;   // the owner has removed it meanwhile
        }
    });
}
