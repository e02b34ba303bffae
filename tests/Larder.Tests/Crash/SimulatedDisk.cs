using Larder.Durability;

namespace Larder.Tests.Crash;

/// <summary>
/// A disk in memory with one directory, for one process after another, that remembers what was done to it. For one thread at a time.
/// </summary>
/// <param name="image">What it holds at first, all of it certain.</param>
/// <param name="remembers">Whether the operations are kept.</param>
internal sealed class SimulatedDisk(DiskImage image, bool remembers = true)
{
    public const string LockFile = "LOCK";

    private readonly DiskState _state = new(image);
    private readonly List<DiskOperation> _operations = [];

    /// <summary>What it held at first.</summary>
    public DiskImage Start { get; } = image;

    /// <summary>What was done since.</summary>
    public IReadOnlyList<DiskOperation> Operations => _operations;

    internal DiskState State => _state;

    /// <summary>The process that uses the disk; whatever still runs of those before can do no harm.</summary>
    internal int Process { get; private set; }

    /// <summary>A process that begins to use the directory; the one before, if it is still there, is killed: it can do nothing more.</summary>
    public IFiles Boot()
    {
        Kill();
        return new SimulatedFiles(this);
    }

    /// <summary>Ends the process; what it wrote stays in the memory of the machine.</summary>
    public void Kill() => Process++;

    /// <summary>What is left when the power fails now and nothing that was pending has reached the disk.</summary>
    public DiskImage Certain()
    {
        var files = new List<KeyValuePair<string, byte[]>>();
        foreach ((string name, int file) in _state.DurableNames)
        {
            files.Add(new(name, _state.Files[file].Durable.ToArray()));
        }

        return new DiskImage(files);
    }

    /// <summary>What processes see now: what is left when only the process dies, or when everything pending has reached the disk.</summary>
    public DiskImage Seen() => new([.. _state.Names.Select(entry => KeyValuePair.Create(entry.Key, _state.Files[entry.Value].Live.ToArray()))]);

    internal void Do(in DiskOperation operation)
    {
        _state.Apply(operation);
        if (remembers)
        {
            _operations.Add(operation);
        }
    }
}
