using System.Globalization;
using System.Numerics;
using System.Text;

namespace Larder.Tests.Crash;

/// <summary>
/// One choice of what reached the disk, built from a <see cref="DiskState"/> piece by piece into buffers that are used again for the next
/// one: most states are only hashed, because their like has been seen.
/// </summary>
internal sealed class CrashState
{
    private const int SectorBytes = SimulatedInode.SectorBytes;

    private readonly List<KeyValuePair<string, int>> _names = [];
    private byte[][] _contents = [];
    private int[] _lengths = [];
    private ulong[] _hashes = [];
    private bool[] _isPending = [];
    private DiskState _disk = null!;

    /// <summary>Identifies the names and contents; the lock file does not count.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Whether some file has grown beyond its data, so that it matters what fills the gap.</summary>
    public bool HasGap { get; private set; }

    /// <summary>Which pieces are present; by the index in <see cref="DiskState.Pending"/>.</summary>
    public bool[] Present { get; private set; } = [];

    public Fill Fill { get; private set; }

    /// <summary>Begins with a disk at one moment, and says how many pieces are pending.</summary>
    public int Begin(DiskState disk)
    {
        _disk = disk;
        ReadOnlySpan<Pending> pending = disk.Pending;
        if (Present.Length < pending.Length)
        {
            Present = new bool[pending.Length * 2];
        }

        int files = disk.Files.Count;
        if (_contents.Length < files)
        {
            Array.Resize(ref _contents, files * 2);
            Array.Resize(ref _lengths, files * 2);
            Array.Resize(ref _hashes, files * 2);
            Array.Resize(ref _isPending, files * 2);
        }

        _isPending.AsSpan().Clear();
        foreach (ref readonly Pending piece in pending)
        {
            _isPending[piece.File] |= !piece.IsName;
        }

        for (int file = 0; file < files; file++)
        {
            _contents[file] ??= [];
            _hashes[file] = disk.Files[file].IsLock ? 0 : Digest.Of(disk.Files[file].Durable);
        }

        return pending.Length;
    }

    /// <summary>Builds the state with those pieces that are marked in <see cref="Present"/>.</summary>
    public void Build(Fill fill)
    {
        Fill = fill;
        HasGap = false;
        BuildNames();
        ulong hash = 0;
        foreach ((string name, int file) in _names)
        {
            if (_isPending[file])
            {
                BuildContent(file);
                _hashes[file] = Digest.Of(_contents[file].AsSpan(0, _lengths[file]));
            }

            hash += _disk.Files[file].IsLock ? 0 : BitOperations.RotateLeft(Digest.Of(name) * 31, 17) ^ (_hashes[file] * 0x9E3779B97F4A7C15);
        }

        Hash = Digest.Mix(hash + (ulong)_names.Count);
    }

    public DiskImage ToImage() => new([.. _names.Select(entry => KeyValuePair.Create(entry.Key, Content(entry.Value).ToArray()))]);

    /// <summary>What is present and what is not, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        int index = 0;
        foreach (Pending piece in _disk.Pending)
        {
            string name = piece.IsName ? piece.Name : _disk.Names.FirstOrDefault(entry => entry.Value == piece.File).Key ?? "a removed file";
            string what = piece.Kind switch
            {
                PendingKind.Data => $"sector {piece.Number.ToString(CultureInfo.InvariantCulture)} of {name}",
                PendingKind.Length => $"length {piece.Number.ToString(CultureInfo.InvariantCulture)} of {name}",
                PendingKind.Rename => $"{name} renamed {piece.To}",
                _ => $"{piece.Kind.ToString().ToLowerInvariant()} {name}",
            };
            text.Append(CultureInfo.InvariantCulture, $"  {(Present[index++] ? "present" : "lost   ")} {what}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"  gaps: {Fill}; files: {ToImage()}").ToString();
    }

    private ReadOnlySpan<byte> Content(int file) => _isPending[file] ? _contents[file].AsSpan(0, _lengths[file]) : _disk.Files[file].Durable;

    private void BuildNames()
    {
        _names.Clear();
        _names.AddRange(_disk.DurableNames);
        int index = 0;
        foreach (ref readonly Pending piece in _disk.Pending)
        {
            if (Present[index++] && piece.IsName)
            {
                DiskState.Renamed(_names, piece);
            }
        }
    }

    private void BuildContent(int file)
    {
        SimulatedInode inode = _disk.Files[file];
        ReadOnlySpan<Pending> pending = _disk.Pending;
        int length = inode.DurableLength;
        for (int index = 0; index < pending.Length; index++)
        {
            if (Present[index] && pending[index].File == file && pending[index].Kind == PendingKind.Length)
            {
                length = pending[index].Number;
            }
        }

        if (_contents[file].Length < length)
        {
            _contents[file] = new byte[Math.Max(length, 4 * SectorBytes)];
        }

        Span<byte> content = _contents[file].AsSpan(0, length);
        ReadOnlySpan<byte> durable = inode.Durable[..Math.Min(length, inode.DurableLength)];
        durable.CopyTo(content);
        FillGap(content, durable.Length, file);
        int covered = durable.Length;
        for (int index = 0; index < pending.Length; index++)
        {
            int at = pending[index].Number * SectorBytes;
            if (Present[index] && pending[index].File == file && pending[index].Kind == PendingKind.Data && at < length)
            {
                int bytes = Math.Min(SectorBytes, length - at);
                pending[index].Content.AsSpan(0, bytes).CopyTo(content[at..]);
                covered = at <= covered ? Math.Max(covered, at + bytes) : covered;
            }
        }

        HasGap |= covered < length;
        _lengths[file] = length;
    }

    private void FillGap(Span<byte> content, int from, int file)
    {
        Span<byte> gap = content[from..];
        gap.Clear();
        if (Fill == Fill.Noise)
        {
            for (int i = 0; i < gap.Length; i++)
            {
                gap[i] = (byte)(((from + i) * 167) + 13);
            }
        }
        else if (Fill == Fill.Stale)
        {
            int other = file - 1;
            while (other > 0 && (_disk.Files[other].IsLock || _disk.Files[other].Length <= from))
            {
                other--;
            }

            ReadOnlySpan<byte> live = other < 0 || _disk.Files[other].IsLock ? default : _disk.Files[other].Live;
            if (live.Length > from)
            {
                live[from..Math.Min(live.Length, content.Length)].CopyTo(gap);
            }
        }
    }
}
