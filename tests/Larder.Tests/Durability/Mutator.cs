using System.Buffers.Binary;
using System.Numerics;

namespace Larder.Tests.Durability;

/// <summary>
/// Damages the files of a store. Knows just enough of their form to do harm where it counts, and to put the checksums right again, so that
/// what stands behind them is reached; it shares no code with the library.
/// </summary>
internal sealed class Mutator(int seed)
{
    private const int HeaderSize = 64;
    private const int RecordHeaderSize = 24;
    private static readonly long[] _odd = [0, 1, -1, 7, 255, 256, 65_535, 65_536, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 0x0101010101010101];
    private readonly Random _random = new(seed);

    /// <summary>A few mutations. Returns whether the checksums were put right, so that the content is a forgery rather than damage.</summary>
    public bool Mutate(Dictionary<string, byte[]> files)
    {
        bool forges = _random.Next(2) == 0;
        HashSet<string> touched = [];
        for (int count = 1 + _random.Next(_random.Next(4) == 0 ? 6 : 2); count > 0 && files.Count > 0; count--)
        {
            touched.Add(MutateOnce(files));
        }

        foreach (string name in files.Keys.Where(name => forges && (touched.Contains(name) || name.Contains("-0", StringComparison.Ordinal))))
        {
            PutRight(files[name]);
        }

        return forges;
    }

    private string MutateOnce(Dictionary<string, byte[]> files)
    {
        string name = Any(files);
        byte[] bytes = files[name];
        if (bytes.Length == 0)
        {
            return name;
        }

        switch (_random.Next(15))
        {
            case < 3:
                bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
                break;
            case 3:
                _random.NextBytes(Part(bytes));
                break;
            case 4:
                Part(bytes).Clear();
                break;
            case 5:
                files[name] = bytes[.._random.Next(bytes.Length)];
                break;
            case 6:
                files[name] = [.. bytes, .. _random.Next(2) == 0 ? new byte[_random.Next(5000)] : Part(files[Any(files)])];
                break;
            case 7:
                Splice(bytes, files[Any(files)]);
                break;
            case 8:
                files[Any(files)] = [.. bytes];
                break;
            case 9:
                files.Remove(name);
                break;
            case 10:
                files[Neighbour(name)] = [.. bytes];
                break;
            case 11 or 12:
                WriteOdd(bytes);
                break;
            default:
                MoveRecords(files, name);
                break;
        }

        return name;
    }

    /// <summary>Another number in a field of the header of the file or of a record, or anywhere.</summary>
    private void WriteOdd(byte[] bytes)
    {
        List<int> records = RecordsOf(bytes);
        int at = records.Count == 0 || _random.Next(4) == 0 ? _random.Next(HeaderSize / 4) * 4 : records[_random.Next(records.Count)] + (_random.Next(8) * 4);
        at = _random.Next(3) == 0 ? _random.Next(bytes.Length) : at;
        long odd = _random.Next(3) == 0 ? _random.Next(bytes.Length + 100) : _odd[_random.Next(_odd.Length)];
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(value, odd);
        int length = Math.Min(_random.Next(2) == 0 ? 4 : 8, bytes.Length - at);
        if (length > 0)
        {
            value[..length].CopyTo(bytes.AsSpan(at));
        }
    }

    /// <summary>Whole records: one twice, one gone, two exchanged, or one from another file.</summary>
    private void MoveRecords(Dictionary<string, byte[]> files, string name)
    {
        byte[] bytes = files[name];
        List<int> starts = RecordsOf(bytes);
        if (starts.Count < 3)
        {
            return;
        }

        int record = _random.Next(starts.Count - 2);
        (int a, int b, int c) = (starts[record], starts[record + 1], starts[record + 2]);
        byte[] other = files[Any(files)];
        List<int> others = RecordsOf(other);
        files[name] = _random.Next(4) switch
        {
            0 => [.. bytes[..b], .. bytes[a..]],
            1 => [.. bytes[..a], .. bytes[b..]],
            2 => [.. bytes[..a], .. bytes[b..c], .. bytes[a..b], .. bytes[c..]],
            _ when others.Count > 1 => [.. bytes[..b], .. other[others[0]..others[1]], .. bytes[b..]],
            _ => bytes,
        };
    }

    private void Splice(byte[] target, byte[] source)
    {
        Span<byte> part = Part(source);
        int at = _random.Next(target.Length) & (_random.Next(2) == 0 ? ~7 : ~0);
        part[..Math.Min(part.Length, target.Length - at)].CopyTo(target.AsSpan(at));
    }

    private Span<byte> Part(byte[] bytes)
    {
        int from = _random.Next(bytes.Length + 1);
        return bytes.AsSpan(from, _random.Next(Math.Min(bytes.Length - from, 600) + 1));
    }

    private string Any(Dictionary<string, byte[]> files) => files.Keys.Order(StringComparer.Ordinal).ElementAt(_random.Next(files.Count));

    /// <summary>The same name with a number that is larger or smaller by one.</summary>
    private string Neighbour(string name)
    {
        char[] letters = name.ToCharArray();
        int digit = Math.Max(0, name.IndexOf('.', StringComparison.Ordinal) - 1);
        letters[digit] = (char)(letters[digit] + (_random.Next(2) == 0 ? 1 : -1));
        return new string(letters);
    }

    private static List<int> RecordsOf(byte[] bytes)
    {
        List<int> starts = [];
        for (int at = HeaderSize; at + RecordHeaderSize <= bytes.Length;)
        {
            int payload = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            if (payload < 0 || payload > bytes.Length - at - RecordHeaderSize || bytes[at + 16] == 0)
            {
                break;
            }

            starts.Add(at);
            at += (RecordHeaderSize + payload + 7) & ~7;
        }

        return starts;
    }

    /// <summary>Makes the checksums of a file match what it holds.</summary>
    public static void PutRight(byte[] bytes)
    {
        if (bytes.Length < HeaderSize)
        {
            return;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), ~Crc(uint.MaxValue, bytes.AsSpan(0, 60)));
        foreach (int at in RecordsOf(bytes))
        {
            int payload = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            uint crc = Crc(Crc(uint.MaxValue, bytes.AsSpan(44, 8)), bytes.AsSpan(at, 4));
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + 4), ~Crc(crc, bytes.AsSpan(at + 8, RecordHeaderSize - 8 + payload)));
        }
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return crc;
    }
}
