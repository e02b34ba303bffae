using System.Buffers.Binary;
using System.Numerics;
using Larder.Durability;

namespace Larder.Tests.Crash;

/// <summary>
/// The smallest store that survives crashes, to prove the simulated disk with: numbers are appended to a log, one record of more than a sector each,
/// and folded into a base file now and then. Whoever finds its bugs finds those of a larger one.
/// </summary>
internal sealed class ToyLog : IDisposable
{
    private const string Base = "base";
    private const int Head = 8;   // length, checksum
    private const int RecordBytes = 600;

    private readonly IFiles _files;
    private readonly bool _checks;
    private readonly List<byte> _values = [];
    private IFile _log = null!;
    private int _number;
    private int _end;

    private ToyLog(IFiles files, bool checks)
    {
        _files = files;
        _checks = checks;
    }

    public IReadOnlyList<byte> Values => _values;

    /// <param name="files">The directory.</param>
    /// <param name="checks">Whether checksums are looked at; false plants a bug.</param>
    public static ToyLog Open(IFiles files, bool checks = true)
    {
        var toy = new ToyLog(files, checks);
        if (files.List().Contains(Base))
        {
            using IFile file = files.Open(Base);
            int end = 0;
            byte[] all = toy.Next(file, 0, ref end) ?? throw new IOException("the base is damaged.");
            toy._values.AddRange(all.AsSpan(4));
            toy._number = BinaryPrimitives.ReadInt32LittleEndian(all);
        }

        if (files.List().Contains(Name(toy._number)))
        {
            using IFile log = files.Open(Name(toy._number));
            int end = 0;
            while (toy.Next(log, toy._number, ref end) is { } record)
            {
                toy._values.Add(record[^1]);
            }
        }

        toy.Fold();   // never append behind a tail that somebody else wrote
        return toy;
    }

    /// <summary>Returns when the value is durable.</summary>
    public void Append(byte value)
    {
        byte[] record = new byte[RecordBytes];
        record[^1] = value;
        WriteRecord(_log, record, _number, ref _end);
        _log.Sync();
        _values.Add(value);
    }

    /// <summary>Begins a new log, and a base that stands for all before it.</summary>
    public void Fold()
    {
        int old = _number;
        do
        {
            _number++;
        }
        while (_files.List().Contains(Name(_number)));

        _log?.Dispose();
        _log = _files.Create(Name(_number));
        _end = 0;
        using (IFile file = Temporary())
        {
            int end = 0;
            byte[] all = [0, 0, 0, 0, .. _values];
            BinaryPrimitives.WriteInt32LittleEndian(all, _number);
            WriteRecord(file, all, 0, ref end);
            file.Sync();
        }

        _files.SyncDirectory();
        _files.Rename("base.tmp", Base);
        _files.SyncDirectory();
        if (_files.List().Contains(Name(old)))
        {
            _files.Delete(Name(old));
        }
    }

    public void Dispose() => _log.Dispose();

    private static string Name(int number) => FormattableString.Invariant($"log-{number}");

    private IFile Temporary()
    {
        if (_files.List().Contains("base.tmp"))
        {
            _files.Delete("base.tmp");
        }

        return _files.Create("base.tmp");
    }

    private static void WriteRecord(IFile file, ReadOnlySpan<byte> payload, int salt, ref int end)
    {
        byte[] record = [0, 0, 0, 0, 0, 0, 0, 0, .. payload];
        BinaryPrimitives.WriteInt32LittleEndian(record, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Checksum(payload, salt));
        file.Write(record, end);
        end += record.Length;
    }

    private byte[]? Next(IFile file, int salt, ref int end)
    {
        byte[] head = new byte[Head];
        if (file.Read(head, end) < Head || BinaryPrimitives.ReadInt32LittleEndian(head) is var length && (length <= 0 || length > file.Length - end - Head))
        {
            return null;
        }

        byte[] payload = new byte[length];
        file.Read(payload, end + Head);
        end += Head + length;
        return !_checks || BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)) == Checksum(payload, salt) ? payload : null;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes, int salt)
    {
        uint crc = ~(uint)salt;
        foreach (byte one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
