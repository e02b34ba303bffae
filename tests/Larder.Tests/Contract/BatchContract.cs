using Xunit;

namespace Larder.Tests.Contract;

/// <summary>Batches: all of it at one moment or nothing, in the order in which it was added.</summary>
public abstract class BatchContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void A_batch_gives_all_its_keys_one_version()
    {
        Store.Set("gone", "v"u8);
        WriteBatch batch = new WriteBatch().Set("a", "1"u8).Increment("b", 5).Remove("gone").Set("c", "3"u8.ToArray(), TimeSpan.FromMinutes(1));
        if (Lacks(StoreFeatures.CrossKeyBatch, () => Store.Write(batch)))
        {
            return;
        }

        WriteResult written = Store.Write(batch);

        Assert.True(written);
        Assert.Equal(written.Version, Holds("a", "1").Version);
        Assert.Equal(written.Version, Holds("b", "5").Version);
        Assert.Equal(written.Version, Holds("c", "3").Version);
        Assert.Equal(Now + TimeSpan.FromMinutes(1), Holds("c", "3").ExpiresAt);
        IsAbsent("gone");
    }

    [Fact]
    public void An_empty_batch_does_nothing()
    {
        string before = Picture();
        Assert.Equal(new WriteResult(true, 0), Store.Write(new WriteBatch()));
        Assert.Equal(before, Picture());
    }

    [Fact]
    public void Items_apply_in_order()
    {
        Store.Write(new WriteBatch().Increment("k", 2).Increment("k", 3));
        Holds("k", "5");
        Store.Write(new WriteBatch().Set("k", "7"u8).Increment("k"));
        Holds("k", "8");
        Store.Write(new WriteBatch().Remove("k").Set("k", "v"u8));
        Holds("k", "v");
        Store.Write(new WriteBatch().Set("k", "w"u8).Remove("k"));
        IsAbsent("k");
        Store.Write(new WriteBatch().Set("k", "1"u8).Set("k", "2"u8).Set("k", "3"u8));
        Holds("k", "3");
        Store.Write(new WriteBatch().Set("k", "1"u8).Remove("k").Increment("k", 9));
        Holds("k", "9");
        Store.Write(new WriteBatch().Set("k", "v"u8).Set("k", "w"u8, TimeSpan.Zero));
        IsAbsent("k");
        Assert.Equal(0, Store.Count());
    }

    [Fact]
    public void A_requirement_that_does_not_hold_refuses_the_whole()
    {
        long version = Store.Set("k", "v"u8);

        Assert.Equal(new WriteResult(false, version), Store.Write(new WriteBatch().Require("k", version + 1).Set("k", "w"u8)));
        Assert.Equal(version, Holds("k", "v").Version);
        Assert.Equal(new WriteResult(false, version), Store.Write(new WriteBatch().Require("k", 0).Set("k", "w"u8)));
        Assert.Equal(new WriteResult(false, 0), Store.Write(new WriteBatch().Require("absent", version).Set("absent", "w"u8)));
        Assert.True(Store.Write(new WriteBatch().Require("k", version).Set("k", "w"u8)));
        Assert.True(Store.Write(new WriteBatch().Require("absent", 0).Set("absent", "w"u8)));
        Holds("k", "w");
        Holds("absent", "w");
    }

    [Fact]
    public void A_refusal_names_the_version_of_the_first_key_that_failed()
    {
        long a = Store.Set("a", "v"u8);
        long b = Store.Set("b", "v"u8);
        WriteBatch batch = new WriteBatch().Require("a", a).Set("c", "v"u8).Require("b", b + 1).Require("a", 0);
        if (Lacks(StoreFeatures.CrossKeyBatch, () => Store.Write(batch)))
        {
            return;
        }

        Assert.Equal(new WriteResult(false, b), Store.Write(batch));
        IsAbsent("c");
        Assert.True(Store.Write(new WriteBatch().Require("a", a).Require("b", b).Require("c", 0).Set("c", "v"u8)));
        Holds("c", "v");
    }

    [Fact]
    public void A_requirement_sees_what_the_batch_did_before_it()
    {
        long version = Store.Set("k", "v"u8);
        Assert.True(Store.Write(new WriteBatch().Remove("k").Require("k", 0).Set("k", "w"u8)));
        Assert.False(Store.Write(new WriteBatch().Remove("k").Require("k", version).Set("k", "x"u8)));
        Assert.False(Store.Write(new WriteBatch().Set("new", "v"u8).Require("new", 0)));
        Holds("k", "w");
        IsAbsent("new");
    }

    [Fact]
    public void Clear_removes_what_was_there_before_it()
    {
        Store.Set("old", "v"u8);
        Store.Set("both", "v"u8);
        WriteBatch batch = new WriteBatch().Set("lost", "v"u8).Clear().Set("kept", "v"u8).Increment("both", 3);
        if (Lacks(StoreFeatures.CrossKeyBatch, () => Store.Write(batch)))
        {
            return;
        }

        WriteResult written = Store.Write(batch);

        Assert.Equal(["both", "kept"], Store.Scan().Select(entry => entry.Key));
        Assert.Equal(written.Version, Holds("both", "3").Version);
        IsAbsent("old");
        Assert.False(Store.Write(new WriteBatch().Clear().Require("kept", written.Version)));
        Assert.True(Store.Write(new WriteBatch().Clear().Require("kept", 0)));
        Assert.Equal(0, Store.Count());
    }

    [Fact]
    public void One_bad_item_refuses_the_whole()
    {
        Open(options => options.MaxValueBytes = 100);
        Store.Set("text", "abc"u8);
        if (Lacks(StoreFeatures.CrossKeyBatch, () => Store.Write(new WriteBatch().Set("a", "v"u8).Set("b", "v"u8))))
        {
            return;
        }

        Refused<NotACounterException>(() => Store.Write(new WriteBatch().Set("a", "v"u8).Clear().Set("text", "x"u8).Increment("text")));
        Refused<OverflowException>(() => Store.Write(new WriteBatch().Set("a", "v"u8).Increment("n", long.MaxValue).Increment("n")));
        Refused<StoreLimitException>(() => Store.Write(new WriteBatch().Remove("text").Set("large", new byte[101])), "MaxValueBytes is 100 bytes, but 101");
        Refused<StoreLimitException>(() => Store.Write(new WriteBatch().Remove("text").Remove(new string('k', 2_000))), "MaxKeyBytes is 1024 bytes");
        IsAbsent("a");
        Holds("text", "abc");
    }

    [Fact]
    public void A_batch_may_be_written_again_and_belongs_to_its_maker()
    {
        WriteBatch batch = new WriteBatch().Increment("k", 2);
        Store.Write(batch);
        Store.Write(batch);
        Holds("k", "4");
        batch.Increment("k", 10);
        Holds("k", "4");
        Store.Write(batch);
        Holds("k", "16");
    }

    [Fact]
    public void A_batch_of_the_largest_size_is_taken()
    {
        var batch = new WriteBatch();
        for (int i = 0; i < WriteBatch.MaxItems; i++)
        {
            batch.Increment($"k{i % 1_000}");
        }

        if (Lacks(StoreFeatures.CrossKeyBatch, () => Store.Write(batch)))
        {
            return;
        }

        Assert.True(Store.Write(batch));
        Assert.Equal(1_000, Store.Count());
        Assert.Equal(WriteBatch.MaxItems, Store.Scan().Sum(entry => Store.Decode<long>(entry)));
    }

    [Fact]
    public async Task Readers_see_all_of_a_batch_or_nothing()
    {
        WriteBatch Pair(string value) => new WriteBatch().Set("a", System.Text.Encoding.UTF8.GetBytes(value)).Set("b", System.Text.Encoding.UTF8.GetBytes(value));
        if (Lacks(StoreFeatures.CrossKeyBatch, () => Store.Write(Pair("0"))) || !Store.Features.HasFlag(StoreFeatures.SnapshotScan))
        {
            return;
        }

        Store.Write(Pair("0"));
        Task writer = Task.Run(() =>
        {
            for (int i = 1; i <= 2_000; i++)
            {
                Store.Write(Pair($"{i}"));
            }
        });

        while (!writer.IsCompleted)
        {
            string[] seen = [.. Store.Scan().Select(Text)];
            Assert.Equal(2, seen.Length);
            Assert.Equal(seen[0], seen[1]);
        }

        await writer;
        Holds("a", "2000");
    }
}
