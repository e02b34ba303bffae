using System.Buffers.Binary;
using Larder.Durability;
using Larder.Primitives;
using Xunit;

namespace Larder.Tests.Durability;

public sealed class EncryptionTests : IDisposable
{
    private readonly StoreOnDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Theory]
    [InlineData(DurabilityMode.Snapshot)]
    [InlineData(DurabilityMode.Interval)]
    [InlineData(DurabilityMode.Commit)]
    public void Everything_comes_back_and_no_file_shows_a_key_or_a_value(DurabilityMode mode)
    {
        List<string> before;
        using (Store store = _disk.Open(key: StoreOnDisk.Key, mode: mode, versions: 3))
        {
            Write(store);
            before = StoreOnDisk.Shown(store);
        }

        Assert.Equal(before, _disk.Shown(key: StoreOnDisk.Key, versions: 3));
        using (Store store = _disk.Open(key: StoreOnDisk.Key, mode: mode, versions: 3))
        {
            Assert.Equal(before, StoreOnDisk.Shown(store));
            store.Compact();
        }

        Assert.Equal(before, _disk.Shown(key: StoreOnDisk.Key, versions: 3));
        AssertHidden("secret", "geheim", "user:");
    }

    [Fact]
    public void Without_encryption_the_same_search_finds_them()
    {
        using (Store store = _disk.Open())
        {
            Write(store);
        }

        foreach (string text in (string[])["secret", "geheim", "user:"])
        {
            Assert.NotEqual("", _disk.Find(text).File);
        }
    }

    [Fact]
    public void A_torn_tail_that_was_put_aside_shows_nothing_either()
    {
        _disk.Fill(5, StoreOnDisk.OneSegment, StoreOnDisk.Key);
        string file = Assert.Single(_disk.Segments());
        byte[] bytes = File.ReadAllBytes(Path.Combine(_disk.Path, file));
        File.WriteAllBytes(Path.Combine(_disk.Path, file), bytes[..^100]);
        _disk.Delete(FileName.Lock);   // as after a crash, which notes nothing in it

        using (Store store = _disk.Open(key: StoreOnDisk.Key))
        {
            Assert.Equal(4, store.Count());
        }

        Assert.Contains(_disk.Files(), name => Path.GetFileName(name).StartsWith("torn-", StringComparison.Ordinal));
        AssertHidden("key 00", "value 00");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wrong_key_or_none_is_refused_and_nothing_is_changed(bool isClosed)
    {
        _disk.Fill(20, key: StoreOnDisk.Key, compactAt: isClosed ? 10 : 0);
        Dictionary<string, string> before = _disk.Contents();
        foreach (byte[]? key in (byte[]?[])[null, new byte[32], [.. StoreOnDisk.Key.Select(part => (byte)(part ^ 1))]])
        {
            StoreKeyException refused = Assert.Throws<StoreKeyException>(() => _disk.Open(key: key));
            Assert.Throws<StoreKeyException>(() => _disk.Shown(key: key));

            Assert.Contains(key is null ? "no key was given" : "not the one", refused.Message, StringComparison.Ordinal);
            Assert.Equal(_disk.Path, refused.Path);
        }

        Assert.Equal(before.Where(file => !file.Key.EndsWith(FileName.Lock, StringComparison.Ordinal)), _disk.Contents().Where(file => !file.Key.EndsWith(FileName.Lock, StringComparison.Ordinal)));
        Assert.Equal(20, _disk.Keys(key: StoreOnDisk.Key).Count);
    }

    [Fact]
    public void A_key_for_a_store_without_encryption_is_refused()
    {
        _disk.Fill(3);

        Assert.Contains("not encrypted", Assert.Throws<StoreKeyException>(() => _disk.Open(key: StoreOnDisk.Key)).Message, StringComparison.Ordinal);
        Assert.Throws<StoreKeyException>(() => _disk.Shown(key: StoreOnDisk.Key));

        Assert.Equal(3, _disk.Keys().Count);
    }

    [Fact]
    public void Every_flipped_bit_is_refused_or_costs_nothing()
    {
        using (Store store = _disk.Open(StoreOnDisk.OneSegment, StoreOnDisk.Key))
        {
            store.Set("a", "1");
            store.Set("b", "2");
        }

        string file = Assert.Single(_disk.Segments());
        int close = Records(file)[^1];
        byte[] bytes = File.ReadAllBytes(Path.Combine(_disk.Path, file));
        int step = Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 1 : 5;
        for (int bit = 0; bit < 8 * bytes.Length; bit += step)
        {
            _disk.Change(file, changed => changed[bit / 8] ^= (byte)(1 << (bit % 8)));
            if (bit / 8 < close)
            {
                Assert.Throws<StoreDamagedException>(() => Recovered());
            }
            else
            {
                Assert.Equal((2L, 2L), Recovered());   // that the store was closed is all that is not certain any more
            }

            File.WriteAllBytes(Path.Combine(_disk.Path, file), bytes);
        }
    }

    [Fact]
    public void An_altered_record_is_refused_though_its_checksum_was_put_right()
    {
        _disk.Fill(8, StoreOnDisk.OneSegment, StoreOnDisk.Key);
        string file = Assert.Single(_disk.Segments());
        List<int> records = Records(file);
        foreach (int at in records)
        {
            foreach (int inside in (int[])[8, 16, 17, 18, 20, 24, 30])   // sequence, kind, flags, reserved, hint, content
            {
                byte[] sound = File.ReadAllBytes(Path.Combine(_disk.Path, file));
                _disk.Change(file, bytes =>
                {
                    bytes[at + inside] ^= 1;
                    PutRight(bytes, at);
                });

                Assert.ThrowsAny<IOException>(() => Recovered());

                File.WriteAllBytes(Path.Combine(_disk.Path, file), sound);
            }
        }

        Assert.Equal(8, _disk.Keys(key: StoreOnDisk.Key).Count);
    }

    [Fact]
    public void Records_that_changed_places_are_refused_though_their_numbers_and_checksums_were_put_right()
    {
        _disk.Fill(8, StoreOnDisk.OneSegment, StoreOnDisk.Key);
        string file = Assert.Single(_disk.Segments());
        int[] commits = [.. Records(file).Where(at => Kind(file, at) == FrameKind.Commit)];
        byte[] sound = File.ReadAllBytes(Path.Combine(_disk.Path, file));
        _disk.Change(file, bytes => Exchange(bytes, commits[2], commits[3]));

        StoreDamagedException damage = Assert.Throws<StoreDamagedException>(() => _disk.Shown(key: StoreOnDisk.Key));

        Assert.Contains("does not decrypt", damage.Message, StringComparison.Ordinal);
        Assert.Equal(commits[2], damage.Offset);

        // The very same in a store without encryption goes unnoticed: a checksum keeps out chance, not intent.
        File.WriteAllBytes(Path.Combine(_disk.Path, file), sound);
        using (Store plain = _disk.Open(StoreOnDisk.OneSegment, path: _disk.Under("plain")))
        {
            plain.Set("a", "1");
            plain.Set("b", "2");
        }

        string other = Path.GetFileName(_disk.Files(_disk.Under("plain")).Last());
        int[] plainCommits = [.. Records(other, _disk.Under("plain")).Where(at => Kind(other, at, _disk.Under("plain")) == FrameKind.Commit)];
        _disk.Change(other, bytes => Exchange(bytes, plainCommits[0], plainCommits[1]), _disk.Under("plain"));
        Assert.Equal(["a", "b"], _disk.Keys(_disk.Under("plain")));
    }

    [Fact]
    public void A_record_from_another_file_is_refused_though_its_checksum_was_put_right()
    {
        _disk.Fill(40, key: StoreOnDisk.Key);
        string[] segments = [.. _disk.Segments()];
        byte[] other = File.ReadAllBytes(Path.Combine(_disk.Path, segments[1]));
        int from = Records(segments[1]).First(at => Kind(segments[1], at) == FrameKind.Commit);
        int to = Records(segments[0]).Last(at => Kind(segments[0], at) == FrameKind.Commit);
        int size = Frame.SizeOf(Frame.PayloadOf(other.AsSpan(from)));
        _disk.Change(segments[0], bytes =>
        {
            ulong sequence = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(to + 8));
            Assert.Equal(size, Frame.SizeOf(Frame.PayloadOf(bytes.AsSpan(to))));
            other.AsSpan(from, size).CopyTo(bytes.AsSpan(to));
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(to + 8), sequence);
            PutRight(bytes, to);
        });

        StoreDamagedException damage = Assert.Throws<StoreDamagedException>(() => _disk.Shown(key: StoreOnDisk.Key));

        Assert.Equal((segments[0], to), (Path.GetFileName(damage.File), damage.Offset));
    }

    [Fact]
    public void No_nonce_is_ever_used_twice_under_one_key()
    {
        var used = new HashSet<string>();
        long records = 0;
        var random = new Random(20260102);
        for (int opening = 0; opening < 40; opening++)
        {
            DurabilityMode mode = opening % 7 == 6 ? DurabilityMode.Snapshot : DurabilityMode.Commit;
            Store store = _disk.Open(key: StoreOnDisk.Key, mode: mode);
            for (int i = random.Next(8); i > 0; i--)
            {
                store.Set($"key {random.Next(5)}", StoreOnDisk.ValueOf(i), i % 3 == 0 ? TimeSpan.FromMilliseconds(5) : Expiry.None);
                _disk.Time.Advance(TimeSpan.FromMilliseconds(2));
                if (random.Next(6) == 0)
                {
                    store.Compact();
                }
            }

            if (opening % 3 == 0)
            {
                // Killed, with its last bytes torn off: the next owner comes to the same sequences again.
                Note(_disk.Path);
                string crashed = _disk.Under($"crashed {opening}");
                Copy(_disk.Path, crashed);
                store.Dispose();
                Directory.Delete(_disk.Path, recursive: true);
                Directory.Move(crashed, _disk.Path);
                string last = _disk.Segments().LastOrDefault() ?? "";
                if (last.Length > 0)
                {
                    using FileStream file = File.OpenWrite(Path.Combine(_disk.Path, last));
                    file.SetLength(Math.Max(FileHeader.Size + 40, file.Length - random.Next(1400)));
                }
            }
            else
            {
                store.Dispose();
                Note(_disk.Path);
            }
        }

        Assert.InRange(used.Count, 200, records);
        Figures.Print($"nonces: {used.Count} records under keys of their files, used twice = 0");

        // A file is its salt, number and kind; the nonce is made of kind and sequence of the record. The same record met again is no second use.
        void Note(string path)
        {
            foreach (string name in _disk.Files(path).Where(name => name.EndsWith(".log", StringComparison.Ordinal) || name.EndsWith(".snp", StringComparison.Ordinal)))
            {
                byte[] bytes = File.ReadAllBytes(name);
                string key = $"{Path.GetFileName(name)} {Convert.ToHexString(bytes.AsSpan(44, 8))}";
                foreach (int at in Records(bytes))
                {
                    records++;
                    string nonce = $"{key} {bytes[at + 16]} {BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at + 8))}";
                    string record = $"{nonce} {Convert.ToHexString(bytes.AsSpan(at, Frame.SizeOf(Frame.PayloadOf(bytes.AsSpan(at)))))}";
                    Assert.True(used.Add(nonce) || _seen.Contains(record), $"used twice: {nonce}");
                    _seen.Add(record);
                }
            }
        }
    }

    private readonly HashSet<string> _seen = [];

    [Fact]
    public void The_key_is_copied_and_the_callers_array_is_the_callers()
    {
        byte[] key = [.. StoreOnDisk.Key];
        var options = new StoreOptions { Path = _disk.Path, EncryptionKey = key };
        using (Store store = Store.Open(options))
        {
            Array.Clear(key);
            store.Set("a", "1");
            store.Compact();
            store.Set("b", "2");
            store.Backup(_disk.Under("backup"));
        }

        Assert.Same(key, options.EncryptionKey);
        StoreOnDisk.Key.CopyTo(key, 0);
        Assert.Equal(["a", "b"], _disk.Keys(key: key));
        Assert.Equal(["a", "b"], _disk.Keys(_disk.Under("backup"), key));
        Assert.Equal(StoreOnDisk.Key, key);
    }

    /// <summary>The keys and the last commit that an opening finds.</summary>
    private (long Keys, long Last) Recovered()
    {
        using var files = DiskFiles.At(_disk.Path, creates: false);
        var keys = new KeyCount();
        long last = Recovery.Run(files, new Reading { Key = StoreOnDisk.Key }, keys).Last;
        return (keys.Keys, last);
    }

    private static void Write(Store store)
    {
        for (int i = 0; i < 30; i++)
        {
            store.Set($"user:{i % 9}", $"a secret {i}");
            store.Increment("user:counter", 3);
        }

        store.Write(new WriteBatch().Set("user:batch", "geheim").Remove("user:1").Increment("user:other"));
        store.Touch("user:2", TimeSpan.FromDays(2));
        store.Set("user:large", new string('s', 5000) + "secret");
    }

    private void AssertHidden(params string[] texts)
    {
        foreach (string text in texts)
        {
            Assert.Throws<InvalidOperationException>(() => _disk.Find(text));
        }
    }

    private List<int> Records(string file, string? path = null) => Records(File.ReadAllBytes(Path.Combine(path ?? _disk.Path, file)));

    private static List<int> Records(byte[] bytes)
    {
        List<int> records = [];
        ulong salt = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(44));
        for (int at = FileHeader.Size; at + Frame.HeaderSize <= bytes.Length;)
        {
            int payload = Frame.PayloadOf(bytes.AsSpan(at));
            if (bytes[at + 16] == 0 || payload < 0 || at + Frame.HeaderSize + payload > bytes.Length || !Frame.IsIntact(bytes.AsSpan(at, Frame.HeaderSize + payload), salt))
            {
                break;
            }

            records.Add(at);
            at += Frame.SizeOf(payload);
        }

        return records;
    }

    private FrameKind Kind(string file, int at, string? path = null) => (FrameKind)File.ReadAllBytes(Path.Combine(path ?? _disk.Path, file))[at + 16];

    /// <summary>Makes the checksum of a record match what is in it.</summary>
    private static void PutRight(byte[] bytes, int at)
    {
        Span<byte> frame = bytes.AsSpan(at, Frame.HeaderSize + Frame.PayloadOf(bytes.AsSpan(at)));
        Span<byte> start = stackalloc byte[12];
        bytes.AsSpan(44, 8).CopyTo(start);
        frame[..4].CopyTo(start[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], ~Crc32C.Add(Crc32C.Add(uint.MaxValue, start), frame[8..]));
    }

    private static void Exchange(byte[] bytes, int first, int second)
    {
        int size = Frame.SizeOf(Frame.PayloadOf(bytes.AsSpan(first)));
        Assert.Equal(size, Frame.SizeOf(Frame.PayloadOf(bytes.AsSpan(second))));
        byte[] content = bytes.AsSpan(first + Frame.HeaderSize, size - Frame.HeaderSize).ToArray();
        bytes.AsSpan(second + Frame.HeaderSize, content.Length).CopyTo(bytes.AsSpan(first + Frame.HeaderSize));
        content.CopyTo(bytes, second + Frame.HeaderSize);
        PutRight(bytes, first);
        PutRight(bytes, second);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from).Where(file => Path.GetFileName(file) != FileName.Lock))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
