using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Larder.Durability;
using Larder.Primitives;

namespace Larder.Tests.Durability;

/// <summary>
/// The examples of docs/file-format.md: files that a store wrote, with what is random in them set to what the page says, and every field named.
/// </summary>
internal sealed class FormatExample : IDisposable
{
    private static readonly byte[] _storeId = Convert.FromHexString("00112233445566778899aabbccddeeff");
    private static readonly byte[] _salt = Convert.FromHexString("a1a2a3a4a5a6a7a8");

    private readonly StoreOnDisk _disk = new();
    private readonly StringBuilder _text = new();
    private byte[] _bytes = [];
    private int _at;

    public void Dispose() => _disk.Dispose();

    internal string Segment()
    {
        Write(compacts: false);
        _disk.Open(StoreOnDisk.OneSegment).Dispose();   // its next owner
        return Described(FileName.Of(FileKind.Segment, 1));
    }

    internal string Checkpoint()
    {
        Write(compacts: true);
        return Described(FileName.Of(FileKind.Checkpoint, 1));
    }

    /// <summary>The first commit of the segment once more, encrypted; derived here by other means than the store's.</summary>
    internal string Encryption()
    {
        Write(compacts: false);
        byte[] plain = Restamped(File.ReadAllBytes(Path.Combine(_disk.Path, FileName.Of(FileKind.Segment, 1))));
        plain[8] = 1;   // encrypted
        BinaryPrimitives.WriteUInt32LittleEndian(plain.AsSpan(60), Crc32C.Of(plain.AsSpan(0, 60)));
        FileHeader header = FileHeader.Read(plain, FileKind.Segment, 1, out _)!;
        byte[] master = [.. Enumerable.Range(0, 32).Select(number => (byte)number)];
        byte[] salt = [.. _salt, 0];
        byte[] info = [.. "larder:"u8, .. _storeId, 1, 0, 0, 0, 0, 0, 0, 0];
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 32, salt, info);
        int at = FirstCommit(plain);
        ReadOnlySpan<byte> content = plain.AsSpan(at + Frame.HeaderSize, Frame.PayloadOf(plain.AsSpan(at)));
        var frame = new byte[Frame.SizeOf(content.Length + Frame.TagSize)];
        Frame.Begin(frame, FrameKind.Commit, 1, content.Length + Frame.TagSize);
        content.CopyTo(frame.AsSpan(Frame.HeaderSize));
        using var cipher = new FileCipher(master, header);
        Frame.Stamp(frame, header.Salt, 0, cipher);
        byte[] nonce = [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        byte[] associated = [.. frame.AsSpan(0, 4), .. frame.AsSpan(8, 16)];
        Line("caller's key", master);
        Line("salt", salt);
        Line("info", info);
        Line("key of the file", key);
        Line("nonce", nonce);
        Line("associated data", associated);
        Line("content", content.ToArray());
        Line("encrypted", frame[Frame.HeaderSize..(Frame.HeaderSize + content.Length)]);
        Line("tag", frame[(Frame.HeaderSize + content.Length)..(Frame.HeaderSize + content.Length + Frame.TagSize)]);
        Line("whole record", frame);
        using var other = new AesGcm(key, 16);
        var opened = new byte[content.Length];
        other.Decrypt(nonce, frame.AsSpan(Frame.HeaderSize, content.Length), frame.AsSpan(Frame.HeaderSize + content.Length, 16), opened, associated);
        return opened.AsSpan().SequenceEqual(content) ? _text.ToString() : throw new InvalidOperationException("the example does not decrypt");

        void Line(string what, byte[] bytes) => _text.Append(string.Create(CultureInfo.InvariantCulture, $"{what,-16} {Convert.ToHexStringLower(bytes)}\n"));
    }

    private void Write(bool compacts)
    {
        using Store store = _disk.Open(StoreOnDisk.OneSegment, versions: 2);
        store.Set("user:1", "Ann", new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        store.Increment("visits", 41);
        store.Write(new WriteBatch().Increment("visits").Set("note", [0xff, 0x00]).Remove("note").Set("user:2", "Bo"));
        store.Touch("user:1", new DateTimeOffset(2028, 1, 1, 0, 0, 0, TimeSpan.Zero));
        if (compacts)
        {
            store.Compact();
        }
    }

    private static int FirstCommit(byte[] bytes)
    {
        int at = FileHeader.Size;
        while (Frame.KindOf(bytes.AsSpan(at)) != FrameKind.Commit)
        {
            at += Frame.SizeOf(Frame.PayloadOf(bytes.AsSpan(at)));
        }

        return at;
    }

    /// <summary>Sets store id and salt, and all that depends on them.</summary>
    private static byte[] Restamped(byte[] bytes)
    {
        _storeId.CopyTo(bytes, 12);
        _salt.CopyTo(bytes, 44);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Crc32C.Of(bytes.AsSpan(0, 60)));
        long sum = 0;
        for (int at = FileHeader.Size; at < bytes.Length && bytes[at + 16] != 0;)
        {
            Span<byte> frame = bytes.AsSpan(at, Frame.SizeOf(Frame.PayloadOf(bytes.AsSpan(at))));
            if (Frame.KindOf(frame) == FrameKind.ImageEnd)
            {
                BinaryPrimitives.WriteInt64LittleEndian(frame[32..], sum);
            }

            uint checksum = Frame.Stamp(frame, BinaryPrimitives.ReadUInt64LittleEndian(_salt), Frame.DurableOf(frame), null);
            sum += Frame.KindOf(frame) == FrameKind.Image ? checksum : 0;
            at += frame.Length;
        }

        return bytes;
    }

    private string Described(string name)
    {
        _bytes = Restamped(File.ReadAllBytes(Path.Combine(_disk.Path, name)));
        Header();
        while (_at < _bytes.Length)
        {
            Record();
        }

        return _text.ToString();
    }

    private void Header()
    {
        Field(4, $"magic, {Encoding.ASCII.GetString(_bytes, 0, 4)}");
        Field(2, "format version");
        Field(2, "oldest reader");
        Field(4, "flags");
        Field(16, "store id");
        Field(8, "file number");
        Field(8, _bytes[3] == 'W' ? $"first commit: {I64()}" : $"holds everything up to commit {I64()}");
        Field(8, "salt");
        Field(8, $"created {At(I64())}");
        Field(4, "CRC-32C");
    }

    private void Record()
    {
        int end = _at + Frame.HeaderSize + Frame.PayloadOf(_bytes.AsSpan(_at));
        FrameKind kind = Frame.KindOf(_bytes.AsSpan(_at));
        long sequence = Frame.SequenceOf(_bytes.AsSpan(_at));
        _text.Append('\n');
        Field(4, $"payload: {end - _at - Frame.HeaderSize} bytes");
        Field(4, "CRC-32C");
        Field(8, $"sequence {sequence}");
        Field(1, $"{kind}");
        Field(3, "flags, reserved");
        Field(4, Frame.DurableOf(_bytes.AsSpan(_at - 20)) is var durable && durable == 0 ? "hint: nothing is known to be durable" : $"hint: commit {durable} is durable");
        Payload(kind, end);
        if (_at % 8 != 0)
        {
            Field(8 - (_at % 8), "padding");
        }
    }

    private void Payload(FrameKind kind, int end)
    {
        switch (kind)
        {
            case FrameKind.Commit or FrameKind.Image:
                while (_at < end)
                {
                    Change();
                }

                break;
            case FrameKind.ImageBegin:
                Field(8, $"the log goes on in segment {I64()}");
                Field(8, $"{At(I64())}");
                break;
            case FrameKind.ImageEnd:
                Field(8, $"{I64()} changes");
                Field(8, "sum of the checksums of the Image records");
                break;
            case FrameKind.End:
                Field(8, $"segment {I64()} follows");
                break;
            default:
                Field(8, $"{At(I64())}");
                break;
        }
    }

    private void Change()
    {
        int what = _bytes[_at];
        string[] kinds = ["set", "remove", "expire", "evict", "clear", "", "", "touch"];
        string[] marks = [(what & 8) != 0 ? "no history before" : "", (what & 16) != 0 ? "deadline" : "", (what & 32) != 0 ? "version" : "", $"value of kind {what >> 6}"];
        Field(1, string.Join(", ", marks.Take((what & 7) is 0 or 7 ? 4 : 0).Where(mark => mark.Length > 0).Prepend(kinds[what & 7])));
        Text("key");
        if ((what & 16) != 0)
        {
            Field(8, $"until {At(I64())}");
        }

        if ((what & 7) == 0)
        {
            if ((what & 32) != 0)
            {
                Field(1, $"version {_bytes[_at]}");
            }

            Text("value");
        }
    }

    private void Text(string what)
    {
        int length = _bytes[_at];
        Field(1, $"{what}: {length} bytes");
        Field(length, Encoding.UTF8.GetString(_bytes, _at, length));
    }

    private void Field(int size, string meaning)
    {
        string bytes = string.Join(' ', _bytes.AsSpan(_at, size).ToArray().Select(part => part.ToString("x2", CultureInfo.InvariantCulture)));
        _text.Append(string.Create(CultureInfo.InvariantCulture, $"{_at:x4}  {bytes,-47}  {meaning}\n"));
        _at += size;
    }

    private long I64() => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(_at));

    private static string At(long ticks) => new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
