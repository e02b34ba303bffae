using System.Buffers.Binary;
using System.Security.Cryptography;
using Larder.Durability;
using Larder.Primitives;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>The form of numbers, checksums, changes, headers and records.</summary>
public sealed class CodecTests
{
    // ---- numbers and checksums

    [Theory]
    [InlineData(0, "00")]
    [InlineData(1, "01")]
    [InlineData(127, "7f")]
    [InlineData(128, "8001")]
    [InlineData(300, "ac02")]
    [InlineData(16_383, "ff7f")]
    [InlineData(16_384, "808001")]
    [InlineData(int.MaxValue, "ffffffff07")]
    [InlineData(long.MaxValue, "ffffffffffffffff7f")]
    public void A_number_takes_as_many_bytes_as_it_needs(long number, string expected)
    {
        var bytes = new byte[10];
        int size = VarInt.Write(bytes, number);
        int at = 0;

        Assert.Equal(expected, Convert.ToHexStringLower(bytes.AsSpan(0, size)));
        Assert.Equal(size, VarInt.SizeOf(number));
        Assert.True(VarInt.TryRead(bytes.AsSpan(0, size), ref at, out long read));
        Assert.Equal((number, size), (read, at));
        for (int cut = 0; cut < size; cut++)
        {
            at = 0;
            Assert.False(VarInt.TryRead(bytes.AsSpan(0, cut), ref at, out _));
        }
    }

    [Theory]
    [InlineData("8000")]                   // longer than it need be
    [InlineData("ff00")]
    [InlineData("ffffffffffffffffff01")]   // more than 63 bits
    [InlineData("80808080808080808001")]
    public void A_number_has_one_form_only(string bytes)
    {
        int at = 0;

        Assert.False(VarInt.TryRead(Convert.FromHexString(bytes), ref at, out _));
    }

    [Fact]
    public void Random_numbers_come_back()
    {
        var random = new Random(1);
        var bytes = new byte[10];
        for (int i = 0; i < 10_000; i++)
        {
            long number = random.NextInt64() >> random.Next(63);
            int at = 0;
            int size = VarInt.Write(bytes, number);
            Assert.True(VarInt.TryRead(bytes, ref at, out long read) && read == number && at == size && size == VarInt.SizeOf(number));
        }
    }

    [Fact]
    public void The_checksum_is_the_known_one()
    {
        // Published check value of CRC-32C, and the test vectors of RFC 3720.
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0u, Crc32C.Of([]));
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Of([.. Enumerable.Repeat((byte)0xff, 32)]));
        Assert.Equal(0x46DD794Eu, Crc32C.Of([.. Enumerable.Range(0, 32).Select(number => (byte)number)]));
        Assert.Equal(0x113FDB5Cu, Crc32C.Of([.. Enumerable.Range(0, 32).Select(number => (byte)(31 - number))]));
    }

    [Fact]
    public void A_checksum_can_be_made_in_pieces()
    {
        byte[] bytes = new byte[100];
        new Random(2).NextBytes(bytes);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(Crc32C.Of(bytes), ~Crc32C.Add(Crc32C.Add(uint.MaxValue, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
        }
    }

    // ---- changes

    [Fact]
    public void Random_changes_come_back_as_they_were()
    {
        var random = new Random(3);
        for (int round = 0; round < 2_000; round++)
        {
            long sequence = 1 + (random.NextInt64() >> random.Next(2, 62));
            List<Change> changes = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Random(random, sequence))];
            var bytes = new byte[changes.Sum(change => ChangeCodec.SizeOf(change, sequence))];
            Span<byte> place = bytes;
            foreach (Change change in changes)
            {
                place = place[ChangeCodec.Write(place, change, sequence)..];
            }

            Assert.Equal(0, place.Length);
            ReadOnlyMemory<byte> rest = bytes;
            foreach (Change change in changes)
            {
                Assert.True(ChangeCodec.TryRead(ref rest, sequence, out Change read));
                Assert.Equal(Line(change, sequence), Line(read, sequence));
            }

            Assert.True(rest.IsEmpty);
        }
    }

    [Fact]
    public void A_change_that_is_cut_off_makes_no_sense()
    {
        var change = new Change(ChangeKind.Set, 7, "key"u8.ToArray(), "value"u8.ToArray(), 5, DateTimeOffset.MaxValue, ValueKind.Text);
        var bytes = new byte[ChangeCodec.SizeOf(change, 7)];
        ChangeCodec.Write(bytes, change, 7);
        for (int length = 0; length < bytes.Length; length++)
        {
            ReadOnlyMemory<byte> rest = bytes.AsMemory(0, length);

            Assert.False(ChangeCodec.TryRead(ref rest, 7, out _), $"{length} bytes");
        }
    }

    [Theory]
    [InlineData("05016b")]                       // there is no kind 5
    [InlineData("06016b")]
    [InlineData("0000")]                         // a set without a key
    [InlineData("0100")]                         // a removal without a key
    [InlineData("0700")]                         // a touch without a key
    [InlineData("00ffffffff0f6b")]               // a key longer than all that is left
    [InlineData("00016bffffffffffffffff7f")]     // a value longer than memory
    [InlineData("10016bffffffffffffffff00")]     // a deadline before all time
    [InlineData("00808080808080808080806b")]     // a length without an end
    public void What_makes_no_sense_is_refused(string bytes)
    {
        ReadOnlyMemory<byte> rest = Convert.FromHexString(bytes);

        Assert.False(ChangeCodec.TryRead(ref rest, 1, out _));
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(4);
        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            ReadOnlyMemory<byte> rest = bytes;
            while (ChangeCodec.TryRead(ref rest, 1, out Change change))
            {
                read++;
                Assert.True(change.Utf8Key.Length + change.Value.Length + rest.Length < bytes.Length);
            }
        }

        Assert.InRange(read, 100, int.MaxValue);
    }

    // ---- headers

    [Fact]
    public void Every_field_of_a_header_comes_back()
    {
        foreach (FileHeader header in (FileHeader[])[Header(), Header() with { Kind = FileKind.Checkpoint, IsEncrypted = true, Number = long.MaxValue, FirstSequence = 0, Created = 0 }])
        {
            var bytes = new byte[FileHeader.Size];
            header.WriteTo(bytes);

            Assert.Equal(header, FileHeader.Read(bytes, header.Kind, header.Number, out string problem));
            Assert.Equal("", problem);
        }
    }

    [Fact]
    public void Every_flipped_bit_of_a_header_is_noticed()
    {
        var bytes = new byte[FileHeader.Size];
        Header().WriteTo(bytes);
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Null(FileHeader.Read(bytes, FileKind.Segment, 7, out string problem));
            Assert.NotEqual("", problem);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(0, 0, "does not begin like a segment")]
    [InlineData(4, 9, "")]                                // a newer format that this reader understands
    [InlineData(6, 2, "written by a newer Larder")]
    [InlineData(8, 2, "flags 2 are not known")]
    [InlineData(8, 3, "flags 3 are not known")]
    [InlineData(28, 9, "number 7, by its header number 9")]
    public void A_header_says_what_it_is(int offset, byte value, string expected)
    {
        var bytes = new byte[FileHeader.Size];
        Header().WriteTo(bytes);
        bytes[offset] = value;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Crc32C.Of(bytes.AsSpan(0, 60)));

        bool isRead = FileHeader.Read(bytes, FileKind.Segment, 7, out string problem) is not null;

        Assert.Equal(expected.Length == 0, isRead);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Null(FileHeader.Read(bytes.AsSpan(0, 63), FileKind.Segment, 7, out problem));
        Assert.Contains("63 bytes", problem, StringComparison.Ordinal);
    }

    // ---- records

    [Fact]
    public void A_record_is_read_back_whatever_its_length()
    {
        for (int length = 0; length < 70; length++)
        {
            byte[] content = RandomNumberGenerator.GetBytes(length);
            using var file = new FrameFile(isEncrypted: length % 2 == 1);
            file.Add(FrameKind.Commit, 1, content);
            file.Add(FrameKind.Commit, 2, content);
            using FrameReader reader = file.Open();

            Assert.Equal(FrameStatus.Intact, reader.Next());
            Assert.Equal((FrameKind.Commit, 1L), (reader.Kind, reader.Sequence));
            Assert.Equal(content, reader.Payload.ToArray());
            Assert.Equal(FrameStatus.Intact, reader.Next());
            Assert.Equal(2, reader.Sequence);
            Assert.Equal(content, reader.Payload.ToArray());
            Assert.Equal(0, reader.Position % 8);
            Assert.Equal(FrameStatus.Nothing, reader.Next());
        }
    }

    [Theory]
    [InlineData(5, 5, 5)]
    [InlineData(5, 3, 3)]
    [InlineData(5, 0, 0)]
    [InlineData(uint.MaxValue, 0, 0)]               // further back than the hint can say
    [InlineData(5_000_000_000, 1, 0)]
    [InlineData(5_000_000_000, 4_999_999_999, 4_999_999_999)]
    [InlineData(5, 6, 0)]                           // nonsense says nothing
    public void The_hint_says_what_was_durable(long sequence, long durable, long expected)
    {
        var frame = new byte[Frame.SizeOf(0)];
        Frame.Begin(frame, FrameKind.Commit, sequence, 0);
        Frame.Stamp(frame, 1, durable, null);

        Assert.Equal(expected, Frame.DurableOf(frame));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(Frame.MostPayload)]
    [InlineData(Frame.MostPayload + 1)]
    [InlineData(1 << 20)]
    public void A_length_beyond_the_file_allocates_nothing(int length)
    {
        using var file = new FrameFile();
        file.Add(FrameKind.Commit, 1, "content"u8);
        int at = file.Length;
        file.Add(FrameKind.Commit, 2, "content"u8);
        file.Change(bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), length));
        using FrameReader reader = file.Open();
        reader.Next();

        long before = GC.GetAllocatedBytesForCurrentThread();
        FrameStatus status = reader.Next();
        bool isFound = reader.Seek(1);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((FrameStatus.Broken, false), (status, isFound));
        Assert.InRange(allocated, 0, 4096);
    }

    [Fact]
    public void A_large_record_needs_no_more_memory_than_itself()
    {
        using var file = new FrameFile();
        byte[] content = RandomNumberGenerator.GetBytes(1 << 20);
        file.Add(FrameKind.Commit, 1, content);
        using FrameReader reader = file.Open();

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(FrameStatus.Intact, reader.Next());
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(content, reader.Payload.ToArray());
        Assert.InRange(allocated, 0, (1 << 20) + 4096);
    }

    [Fact]
    public void A_search_finds_the_next_whole_record_and_passes_over_what_is_inside_others()
    {
        using var inner = new FrameFile();
        inner.Add(FrameKind.Commit, 3, "pretends"u8);
        byte[] pretender = inner.Bytes()[FileHeader.Size..];
        using var file = new FrameFile();
        file.Add(FrameKind.Commit, 1, "first"u8);
        int broken = file.Length;
        file.Add(FrameKind.Commit, 2, "second"u8);
        file.Add(FrameKind.Commit, 3, [.. new byte[3], .. "third"u8]);
        file.Add(FrameKind.Commit, 4, pretender);   // with the salt of this file
        file.Add(FrameKind.Commit, 5, "fifth"u8);
        file.Change(bytes => bytes[broken + 30] ^= 1);
        using FrameReader reader = file.Open();
        reader.Next();
        Assert.Equal(FrameStatus.Broken, reader.Next());

        List<long> found = [];
        while (reader.Seek(1))
        {
            found.Add(reader.Sequence);
        }

        Assert.Equal([3L, 4, 5], found);
    }

    [Fact]
    public void What_was_durable_is_missed_though_one_record_only_says_so_and_stands_right_behind_another()
    {
        using var file = new FrameFile();
        byte[] change = [1, 1, (byte)'k'];
        file.Add(FrameKind.Commit, 1, change);
        int broken = file.Length;
        file.Add(FrameKind.Commit, 2, change, durable: 1);   // two commits of one group
        file.Add(FrameKind.Commit, 3, change, durable: 1);
        file.Add(FrameKind.Commit, 4, change, durable: 3);   // the next one, and nothing behind it
        file.Change(bytes => bytes[broken + 26] ^= 1);
        using FrameReader reader = file.Open();
        var segment = new SegmentReader(reader, new Reading());
        Assert.True(segment.Next());

        StoreDamagedException damage = Assert.Throws<StoreDamagedException>(() => segment.Next());

        Assert.Equal((broken, 2L, 3L), (damage.Offset, damage.FirstSequence, damage.LastSequence));
    }

    [Fact]
    public void A_record_right_behind_the_end_of_a_segment_is_noticed()
    {
        using var file = new FrameFile();
        file.Add(FrameKind.Commit, 1, [1, 1, (byte)'k']);
        file.Add(FrameKind.End, 1, [8, 0, 0, 0, 0, 0, 0, 0]);
        file.Add(FrameKind.Commit, 2, [1, 1, (byte)'k']);
        using FrameReader reader = file.Open();
        var segment = new SegmentReader(reader, new Reading());
        Assert.True(segment.Next());

        Assert.Contains("follows the end", Assert.Throws<StoreDamagedException>(() => segment.Next()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Zeros_up_to_the_end_are_nothing_and_anything_else_is_broken()
    {
        using var file = new FrameFile();
        file.Add(FrameKind.Commit, 1, "content"u8);
        file.Grow(300_000);
        using (FrameReader reader = file.Open())
        {
            Assert.Equal((FrameStatus.Intact, FrameStatus.Nothing), (reader.Next(), reader.Next()));
            Assert.Equal(reader.Position, reader.EndOfContent());
            Assert.False(reader.Seek(1));
        }

        file.Change(bytes => bytes[^1] = 1);
        using FrameReader soiled = file.Open();
        Assert.Equal((FrameStatus.Intact, FrameStatus.Broken), (soiled.Next(), soiled.Next()));
        Assert.Equal(soiled.Length, soiled.EndOfContent());
    }

    [Fact]
    public void Padding_that_is_not_zero_breaks_the_record()
    {
        using var file = new FrameFile();
        file.Add(FrameKind.Commit, 1, "12345"u8);
        file.Change(bytes => bytes[^1] ^= 1);
        using FrameReader reader = file.Open();

        Assert.Equal(FrameStatus.Broken, reader.Next());
    }

    [Fact]
    public void Files_have_one_name_each()
    {
        Assert.Equal("wal-00000000000000ff.log", FileName.Of(FileKind.Segment, 255));
        Assert.Equal("snap-0000000000000001.snp", FileName.Of(FileKind.Checkpoint, 1));
        Assert.True(FileName.TryParse("wal-00000000000000ff.log", out FileKind kind, out long number));
        Assert.Equal((FileKind.Segment, 255L), (kind, number));
        string[] others =
        [
            "wal-00000000000000FF.log", "wal-0000000000000000.log", "wal-ffffffffffffffff.log", "wal-0ff.log", "wal-00000000000000ff.snp", "snap-00000000000000ff.log",
            "WAL-00000000000000ff.log", "wal-00000000000000ff.log.bak", "xwal-00000000000000ff.log", "wal-00000000000000 f.log", "LOCK", "",
        ];
        Assert.All(others, name => Assert.False(FileName.TryParse(name, out _, out _), name));
    }

    private static Change Random(Random random, long sequence)
    {
        byte[] key = Bytes(random, random.Next(1, random.Next(10) == 0 ? 300 : 20));
        DateTimeOffset? deadline = random.Next(3) == 0 ? new DateTimeOffset(random.NextInt64(DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero) : null;
        long ticks = deadline?.UtcTicks ?? Expiry.Never;
        switch (random.Next(8))
        {
            case 0:
                return new Change((ChangeKind)random.Next(1, 4), sequence, key);
            case 1:
                return new Change(ChangeKind.Clear, sequence, random.Next(2) == 0 ? default(ReadOnlyMemory<byte>) : key);
            case 2:
                return new Change(ChangeKind.Set, sequence, key, default, sequence, ticks, (ValueKind)random.Next(4), ChangeMarks.Touch);
            default:
                long version = random.Next(3) == 0 ? random.NextInt64(1, sequence + 1) : sequence;
                ChangeMarks marks = random.Next(2) == 0 ? ChangeMarks.EndsHistory : ChangeMarks.None;
                return new Change(ChangeKind.Set, sequence, key, Bytes(random, random.Next(random.Next(10) == 0 ? 40_000 : 30)), version, ticks, (ValueKind)random.Next(4), marks);
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Line(Change change, long sequence) =>
        $"{change.Kind} {sequence} {Convert.ToHexString(change.Utf8Key.Span)} = {Convert.ToHexString(change.Value.Span)} {change.Deadline} {change.ValueKind} {change.Marks} "
        + $"{(change.Kind == ChangeKind.Set ? change.Version : 0)}";

    private static FileHeader Header() => new()
    {
        Kind = FileKind.Segment,
        StoreId = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
        Number = 7,
        FirstSequence = 1234567890123,
        Salt = 0x0123456789abcdef,
        Created = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks,
        IsEncrypted = false,
    };

    /// <summary>A segment made by hand.</summary>
    private sealed class FrameFile : IDisposable
    {
        private static readonly byte[] _key = [.. Enumerable.Repeat((byte)7, 32)];

        private readonly TemporaryDirectory _scratch = new();
        private readonly FileHeader _header;
        private readonly string _path;

        internal FrameFile(bool isEncrypted = false)
        {
            _header = Header() with { IsEncrypted = isEncrypted, FirstSequence = 1 };
            _path = _scratch.Under(FileName.Of(FileKind.Segment, _header.Number));
            var bytes = new byte[FileHeader.Size];
            _header.WriteTo(bytes);
            File.WriteAllBytes(_path, bytes);
            if (isEncrypted)
            {
                Add(FrameKind.KeyCheck, 0, []);
            }
        }

        internal int Length => (int)new FileInfo(_path).Length;

        public void Dispose() => _scratch.Dispose();

        internal byte[] Bytes() => File.ReadAllBytes(_path);

        internal void Add(FrameKind kind, long sequence, ReadOnlySpan<byte> content, long durable = 0)
        {
            using FileCipher? cipher = _header.IsEncrypted ? new FileCipher(_key, _header) : null;
            int payload = content.Length + (_header.IsEncrypted ? Frame.TagSize : 0);
            var frame = new byte[Frame.SizeOf(payload)];
            Frame.Begin(frame, kind, sequence, payload);
            content.CopyTo(frame.AsSpan(Frame.HeaderSize));
            Frame.Stamp(frame, _header.Salt, durable, cipher);
            using FileStream file = File.Open(_path, FileMode.Append);
            file.Write(frame);
        }

        internal void Grow(int bytes)
        {
            using FileStream file = File.OpenWrite(_path);
            file.SetLength(file.Length + bytes);
        }

        internal void Change(Action<byte[]> change)
        {
            byte[] bytes = Bytes();
            change(bytes);
            File.WriteAllBytes(_path, bytes);
        }

        internal FrameReader Open()
        {
            var files = DiskFiles.At(_scratch.Path, creates: false);
            return FrameReader.Open(files, FileKind.Segment, _header.Number, new Reading { Key = _header.IsEncrypted ? _key : null }, out string problem)
                ?? throw new InvalidOperationException(problem);
        }
    }
}
