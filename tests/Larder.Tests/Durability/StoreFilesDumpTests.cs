using System.Globalization;
using System.Text;
using Xunit;

namespace Larder.Tests.Durability;

public sealed class StoreFilesDumpTests : IDisposable
{
    private readonly StoreOnDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void Changes_come_in_the_order_of_the_log()
    {
        using (Store store = _disk.Open())
        {
            store.Set("a", "text", _disk.Time.GetUtcNow().AddMinutes(1));
            store.Increment("n", 5);
            store.Touch("a", _disk.Time.GetUtcNow().AddMinutes(2));
            store.Write(new WriteBatch().Remove("a").Set("b", "x"));
            store.Clear();
            store.Set("late", "y", TimeSpan.FromSeconds(1));
            _disk.Time.Advance(TimeSpan.FromSeconds(2));
            store.Set("z", "after");
        }

        Assert.Equal(
            [
                "1 Set a = text #1 until 2026-01-01T00:01:00",
                "2 Set n = 5 #2 until never",
                "3 Set a =  #3 until 2026-01-01T00:02:00",
                "4 Remove a =  #0 until never",
                "4 Set b = x #4 until never",
                "5 Clear  =  #0 until never",
                "6 Set late = y #6 until 2026-01-01T00:00:01",
                "7 Expire late =  #0 until never",
                "8 Set z = after #8 until never",
            ],
            StoreFiles.Dump(_disk.Path).Select(Line));
    }

    [Fact]
    public void The_newest_checkpoint_comes_first_with_the_histories_oldest_first()
    {
        using (Store store = _disk.Open(versions: 3))
        {
            store.Set("b", "1");
            store.Set("a", "2");
            store.Set("b", "3");
            store.Compact();
            store.Set("a", "4");
            store.Compact();
            store.Set("c", "5");
        }

        Assert.Equal(
            ["2 Set a = 2 #2 until never", "4 Set a = 4 #4 until never", "1 Set b = 1 #1 until never", "3 Set b = 3 #3 until never", "5 Set c = 5 #5 until never"],
            StoreFiles.Dump(_disk.Path).Select(Line));
    }

    [Fact]
    public void Changes_stay_what_they_are_when_the_reading_has_gone_on()
    {
        _disk.Fill(60, compactAt: 30);

        List<Change> changes = [.. StoreFiles.Dump(_disk.Path)];

        Assert.Equal(Enumerable.Range(1, 60).Select(StoreOnDisk.ValueOf), changes.Select(change => Encoding.UTF8.GetString(change.Value.Span)));
    }

    [Fact]
    public void What_comes_before_the_damage_is_returned()
    {
        _disk.Fill(60, compactAt: 30);
        (string file, int offset) = _disk.Find(StoreOnDisk.KeyOf(45));
        _disk.Flip(file, offset);
        List<string> read = [];

        StoreDamagedException damage = Assert.Throws<StoreDamagedException>(() =>
        {
            foreach (Change change in StoreFiles.Dump(_disk.Path))
            {
                read.Add(change.Key);
            }
        });

        Assert.Equal(Enumerable.Range(1, 44).Select(StoreOnDisk.KeyOf), read);
        Assert.Equal((file, 45L), (Path.GetFileName(damage.File), damage.FirstSequence));
    }

    [Fact]
    public void Two_enumerations_are_two_readings()
    {
        _disk.Fill(5, key: StoreOnDisk.Key);
        IEnumerable<Change> dump = StoreFiles.Dump(_disk.Path, StoreOnDisk.Key);

        Assert.Equal(dump.Select(Line), dump.Select(Line));
        Assert.Equal(5, dump.Count());
        Assert.Equal(StoreOnDisk.KeyOf(1), dump.First().Key);
    }

    [Fact]
    public void An_encrypted_store_needs_its_key()
    {
        _disk.Fill(5, key: StoreOnDisk.Key);

        Assert.Throws<StoreKeyException>(() => StoreFiles.Dump(_disk.Path).Count());
        Assert.Throws<StoreKeyException>(() => StoreFiles.Dump(_disk.Path, new byte[32]).Count());
        Assert.Throws<ArgumentException>(() => StoreFiles.Dump(_disk.Path, new byte[16]));
    }

    [Fact]
    public async Task Beside_an_owner_who_writes_every_commit_comes_once_and_in_order()
    {
        using Store store = _disk.Open();
        store.Set("key", "0");
        using var stop = new CancellationTokenSource();
        Task writer = Task.Run(() =>
        {
            for (int i = 1; !stop.IsCancellationRequested; i++)
            {
                store.Set($"key {i % 10}", StoreOnDisk.ValueOf(i));
                if (i % 200 == 0)
                {
                    store.Compact();
                }
            }
        });
        try
        {
            for (int i = 0; i < 20 || store.Statistics.LastSequence < 600; i++)
            {
                long durable = store.Statistics.DurableSequence;
                List<Change> changes = [.. StoreFiles.Dump(_disk.Path)];
                int image = changes.Count > 1 && changes[1].Sequence > 2 ? 11 : 0;   // with a checkpoint its entries come first, by key
                long sequence = changes[..image].Select(entry => entry.Sequence).DefaultIfEmpty().Max();
                Assert.All(changes[image..], change => Assert.Equal(++sequence, change.Sequence));
                Assert.All(changes.Where(change => change.Sequence > 1), change => Assert.Equal($"key {(change.Sequence - 1) % 10}", change.Key));
                Assert.InRange(sequence, durable, long.MaxValue);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await writer;
        }
    }

    private static string Line(Change change) => string.Create(
        CultureInfo.InvariantCulture,
        $"{change.Sequence} {change.Kind} {change.Key} = {Encoding.UTF8.GetString(change.Value.Span)} #{change.Version} until {(change.ExpiresAt is { } at ? at.ToString("s", CultureInfo.InvariantCulture) : "never")}");
}
