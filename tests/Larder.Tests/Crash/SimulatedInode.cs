namespace Larder.Tests.Crash;

/// <summary>
/// The content of one file twice: as processes see it, and as much of it as is certain to survive. Both buffers hold zeros behind the
/// length, and are shared with the image they came from until the first write.
/// </summary>
internal sealed class SimulatedInode
{
    public const int SectorBytes = 512;

    private byte[] _live;
    private byte[] _durable;
    private bool _ownsLive;
    private bool _ownsDurable;

    public SimulatedInode(byte[] content, bool isLock)
    {
        _live = _durable = content;
        Length = DurableLength = content.Length;
        IsLock = isLock;
    }

    /// <summary>Whether this is the lock file, whose content is worth nothing after a crash: it takes no part in the enumeration.</summary>
    public bool IsLock { get; }

    /// <summary>Whether processes see something that will not reach the disk unless it is written again.</summary>
    public bool HasLost { get; set; }

    /// <summary>The length that processes see.</summary>
    public int Length { get; private set; }

    /// <summary>The length that is certain.</summary>
    public int DurableLength { get; private set; }

    public ReadOnlySpan<byte> Live => _live.AsSpan(0, Length);

    public ReadOnlySpan<byte> Durable => _durable.AsSpan(0, DurableLength);

    /// <summary>A whole sector as processes see it, zeros behind the end included.</summary>
    public byte[] CopySector(int sector)
    {
        byte[] copy = new byte[SectorBytes];
        int at = sector * SectorBytes;
        int there = Math.Clamp(_live.Length - at, 0, SectorBytes);
        _live.AsSpan(at, there).CopyTo(copy);
        return copy;
    }

    /// <summary>Whether a write would leave its range as it is.</summary>
    public bool Holds(ReadOnlySpan<byte> source, int offset) =>
        offset + source.Length <= Length && _live.AsSpan(offset, source.Length).SequenceEqual(source);

    public void Write(ReadOnlySpan<byte> source, int offset)
    {
        Own(ref _live, ref _ownsLive, Math.Max(Length, offset + source.Length));
        source.CopyTo(_live.AsSpan(offset));
        Length = Math.Max(Length, offset + source.Length);
    }

    /// <summary>Cuts off or adds zeros.</summary>
    public void SetLength(int length)
    {
        Own(ref _live, ref _ownsLive, length);
        if (length < Length)
        {
            _live.AsSpan(length, Length - length).Clear();
        }

        Length = length;
    }

    /// <summary>A sector has reached the disk; what lies behind the certain length is seen only when that grows.</summary>
    public void MakeDurable(int sector, byte[] content)
    {
        int at = sector * SectorBytes;
        Own(ref _durable, ref _ownsDurable, at + SectorBytes);
        content.CopyTo(_durable.AsSpan(at));
    }

    public void MakeDurable(int length)
    {
        Own(ref _durable, ref _ownsDurable, length);
        if (length < DurableLength)
        {
            _durable.AsSpan(length, DurableLength - length).Clear();
        }

        DurableLength = length;
    }

    private static void Own(ref byte[] buffer, ref bool owns, int length)
    {
        if (owns && length <= buffer.Length)
        {
            return;
        }

        int sectors = (Math.Max(length, buffer.Length) + SectorBytes - 1) / SectorBytes;
        byte[] larger = new byte[Math.Max(sectors * SectorBytes, owns ? buffer.Length * 2 : 0)];
        buffer.CopyTo(larger, 0);
        buffer = larger;
        owns = true;
    }
}
