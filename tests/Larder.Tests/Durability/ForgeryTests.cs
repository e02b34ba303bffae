using System.Buffers.Binary;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>Numbers that no store writes, under checksums that match: they are refused, or do no harm.</summary>
public sealed class ForgeryTests
{
    private static readonly DateTimeOffset _deadline = new(2100, 2, 3, 4, 5, 6, TimeSpan.Zero);
    private readonly ManualTimeProvider _clock = new();

    public static TheoryData<long> Numbers => [0, 1, -1, long.MaxValue, long.MaxValue - 1, long.MinValue, DateTime.MaxValue.Ticks, DateTime.MaxValue.Ticks + 1];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void An_impossible_time_or_deadline_does_no_harm(long number)
    {
        foreach (bool isImage in new[] { false, true })
        {
            foreach (bool isDeadline in new[] { false, true })
            {
                long known = isDeadline ? _deadline.UtcTicks : _clock.GetUtcNow().UtcTicks;
                Dictionary<string, byte[]> files = Make(isImage);
                Assert.InRange(files.Values.Sum(bytes => Replace(bytes, known, number)), 1, 100);
                Look(files);
            }
        }
    }

    private Dictionary<string, byte[]> Make(bool isImage)
    {
        var files = new ByteFiles();
        using (Store store = Open(files))
        {
            store.Set("timed", "value"u8, _deadline);
            store.Set("other", "value"u8);
            store.Touch("timed", _deadline);
            if (isImage)
            {
                store.Compact();
            }
        }

        return files.Snapshot();
    }

    /// <summary>Puts another number in every place that holds this one. Returns how many there were.</summary>
    private static int Replace(byte[] bytes, long known, long number)
    {
        int count = 0;
        Span<byte> pattern = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(pattern, known);
        for (int at; (at = bytes.AsSpan().IndexOf(pattern)) >= 0; count++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), number == known ? 0 : number);
        }

        Mutator.PutRight(bytes);
        return count;
    }

    private void Look(Dictionary<string, byte[]> files)
    {
        var disk = new ByteFiles(files);
        try
        {
            using Store store = Open(disk);
            Assert.All(store.Scan(), entry => Assert.NotEqual(default, entry.ExpiresAt ?? _deadline));
            store.VerifyIntegrity();
            store.Set("written", "value"u8);
            store.Set("expiring", "value"u8, TimeSpan.FromDays(1));
            store.Touch("other", TimeSpan.FromDays(1));
            _clock.Advance(TimeSpan.FromTicks(1));
            store.Compact();
        }
        catch (StoreDamagedException)
        {
            return;
        }

        using Store again = Open(new ByteFiles(disk.Snapshot()));
        Assert.True(again.Exists("written"));
    }

    private Store Open(ByteFiles files) => Store.Open(new StoreOptions { Path = files.Path, TimeProvider = _clock }, files, FuzzCorpus.Tuning);
}
