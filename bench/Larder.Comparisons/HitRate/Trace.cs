using System.Buffers.Binary;
using System.IO.Compression;

namespace Larder.Comparisons.HitRate;

/// <summary>The accesses of a trace in their order: keys from 0 up to <see cref="Unique"/>, and the size of each key where sizes are known.</summary>
internal sealed class Trace(int[] keys, int unique, uint[]? sizes)
{
    private const string Magic = "CTRACE01";
    private const int Header = 32;

    private int[]? _nextUse;

    public int[] Keys => keys;

    public int Unique => unique;

    public uint[]? Sizes => sizes;

    /// <summary>For each access, when its key comes next; <see cref="int.MaxValue"/> for never.</summary>
    public int[] NextUse => _nextUse ??= LookAhead();

    /// <summary>Reads a <c>*.ctrace.gz</c>; its format is told beside the traces.</summary>
    /// <exception cref="InvalidDataException">The file is no trace, or ends too early.</exception>
    public static Trace Read(string file)
    {
        byte[] bytes = Unpacked(file);
        if (bytes.Length < Header || !bytes.AsSpan(0, Magic.Length).SequenceEqual("CTRACE01"u8))
        {
            throw new InvalidDataException($"{file} is no access trace: it does not start with {Magic}");
        }

        bool sized = (bytes[Magic.Length] & 1) != 0;
        var keys = new int[BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16))];
        var unique = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24));
        int at = Header;
        long key = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            ulong zigzag = Next();
            key += (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
            keys[i] = (int)key;
        }

        uint[]? sizes = sized ? new uint[unique] : null;
        for (int i = 0; i < sizes?.Length; i++)
        {
            sizes[i] = (uint)Next();
        }

        return new Trace(keys, unique, sizes);

        ulong Next()
        {
            ulong value = 0;
            for (int shift = 0; at < bytes.Length; shift += 7)
            {
                byte part = bytes[at++];
                value |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80)
                {
                    return value;
                }
            }

            throw new InvalidDataException($"{file} ends too early");
        }
    }

    private static byte[] Unpacked(string file)
    {
        using var unpacked = new MemoryStream();
        using (var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress))
        {
            packed.CopyTo(unpacked);
        }

        return unpacked.ToArray();
    }

    private int[] LookAhead()
    {
        var next = new int[keys.Length];
        var seen = new int[unique];
        Array.Fill(seen, int.MaxValue);
        for (int i = keys.Length - 1; i >= 0; i--)
        {
            next[i] = seen[keys[i]];
            seen[keys[i]] = i;
        }

        return next;
    }
}
