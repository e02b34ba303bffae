using System.Text.Json;
using Larder.Tests.Contract;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>The storage behind a web guard, as its checks list it: values keep their types, counters expire in both ways, and every kind of store behaves the same.</summary>
public abstract class GuardStorageConformance<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Types_are_kept()
    {
        Store.Set("true", true);
        Store.Set("text", "123");
        Store.Set("long", long.MaxValue);
        Store.Set("double", 1.5);
        Store.Set("list", new[] { 1, 2, 3 });
        Assert.True(Store.TryGet("true", out bool isTrue) && isTrue);
        Assert.Throws<ValueKindException>(() => Store.TryGet("true", out int _));
        Assert.True(Store.TryGet("text", out string? text));
        Assert.Equal("123", text);
        Assert.Throws<ValueKindException>(() => Store.TryGet("text", out long _));
        Assert.True(Store.TryGet("long", out long whole));
        Assert.True(Store.TryGet("double", out double fraction));
        Assert.Equal((long.MaxValue, 1.5), (whole, fraction));
        Assert.True(Store.TryGet("list", out int[]? list));
        Assert.Equal([1, 2, 3], list!);
    }

    [Fact]
    public void A_nested_map_comes_back_as_it_was()
    {
        const string Nested = """{"reason":"x","seen":[1,2.5,"three",null,{"deep":true}],"at":{"city":"Zürich"}}""";
        Store.Set("map", JsonDocument.Parse(Nested).RootElement);
        Assert.True(Store.TryGet("map", out JsonElement map));
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(Nested).RootElement, map));
        Assert.True(Store.TryGet("map", out Dictionary<string, object>? known));
        Assert.Equal(["reason", "seen", "at"], known!.Keys);
    }

    [Fact]
    public void A_stored_null_reads_as_null_and_exists()
    {
        Store.Set("null", JsonSerializer.SerializeToElement<object?>(null));
        Assert.True(Store.TryGet("null", out object? nothing));
        Assert.Null(nothing);
        Assert.True(Store.Exists("null"));
        Assert.False(Store.TryGet("absent", out object? absent));
        Assert.Null(absent);
        Assert.False(Store.Exists("absent"));
        Refused<ArgumentNullException>(() => Store.Set<string>("k", null!));   // a null by mistake is none
    }

    [Fact]
    public void What_was_given_in_is_not_shared()
    {
        var ban = new Dictionary<string, int> { ["n"] = 1 };
        Store.Set("k", ban);
        ban["n"] = 2;
        Assert.True(Store.TryGet("k", out Dictionary<string, int>? stored));
        Assert.Equal(1, stored!["n"]);
        stored["n"] = 3;
        Assert.True(Store.TryGet("k", out stored));
        Assert.Equal(1, stored!["n"]);
    }

    [Fact]
    public void Deleting_tells_whether_there_was_something()
    {
        Store.Set("k", "v");
        Assert.True(Store.Remove("k"));
        Assert.False(Store.Remove("k"));
        Assert.False(Store.Remove("unknown"));
        IsAbsent("k");
    }

    [Fact]
    public void Clearing_takes_values_and_deadlines()
    {
        Store.Set("a", "v", _second);
        Store.Increment("b", 5, _second);
        Store.Clear();
        Assert.Equal(0, Store.Count());
        Store.Set("a", "new");
        Assert.Equal(1, Store.Increment("b"));
        Advance(TimeSpan.FromDays(1));
        Assert.Null(Holds("a", "new").ExpiresAt);
        Assert.Null(Holds("b", "1").ExpiresAt);
    }

    [Fact]
    public void A_value_is_there_for_its_time_exactly()
    {
        Store.Set("k", "v", _second);
        Advance(_second - TimeSpan.FromTicks(1));
        Assert.True(Store.TryGet("k", out Entry entry));
        Assert.Equal(TimeSpan.FromTicks(1), entry.ExpiresAt - Now);
        Advance(TimeSpan.FromTicks(1));
        IsAbsent("k");
    }

    [Fact]
    public void Set_without_a_time_makes_permanent()
    {
        Store.Set("k", "v", _second);
        Store.Set("k", "w");
        Advance(TimeSpan.FromDays(365));
        Assert.Null(Holds("k", "w").ExpiresAt);
    }

    [Fact]
    public void A_time_of_zero_removes_and_a_negative_one_is_refused()
    {
        Store.Set("k", "v");
        Store.Set("k", "w", TimeSpan.Zero);
        IsAbsent("k");
        Assert.Equal(1, Store.Increment("n", 1, TimeSpan.Zero));
        IsAbsent("n");
        Refused<ArgumentOutOfRangeException>(() => Store.Set("k", "v", TimeSpan.FromSeconds(-5)));
        Refused<ArgumentOutOfRangeException>(() => Store.Increment("k", 1, TimeSpan.FromSeconds(-5)));
        Refused<ArgumentOutOfRangeException>(() => Store.Increment("k", 1, Expiry.WhenNew(TimeSpan.FromSeconds(-5))));
    }

    [Fact]
    public void A_counter_without_a_time_is_permanent_and_keeps_a_time_it_has()
    {
        Assert.Equal(1, Store.Increment("k"));
        Advance(TimeSpan.FromDays(1));
        Assert.Equal(2, Store.Increment("k"));
        Store.Set("timed", 10, _second);
        Assert.Equal(7, Store.Increment("timed", -3));
        Advance(_second);
        IsAbsent("timed");
    }

    [Fact]
    public void A_counter_renews_its_time_or_keeps_that_of_its_beginning()
    {
        Store.Increment("renewed", 1, TimeSpan.FromSeconds(10));
        Store.Increment("window", 1, Expiry.WhenNew(TimeSpan.FromSeconds(10)));
        Advance(TimeSpan.FromSeconds(6));
        Store.Increment("renewed", 1, TimeSpan.FromSeconds(10));
        Store.Increment("window", 1, Expiry.WhenNew(TimeSpan.FromSeconds(10)));
        Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(Now + TimeSpan.FromSeconds(6), Holds("renewed", "2").ExpiresAt);
        IsAbsent("window");
        Assert.Equal(1, Store.Increment("window", 1, Expiry.WhenNew(TimeSpan.FromSeconds(10))));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("1.5")]
    public void What_is_not_numeric_is_not_counted(string text)
    {
        Store.Set("k", text);
        Store.Set("flag", true);
        Store.Set("fraction", 1.5);
        NotACounterException refusal = Refused<NotACounterException>(() => Store.Increment("k"), "'k'");
        Assert.IsAssignableFrom<InvalidOperationException>(refusal);
        Refused<NotACounterException>(() => Store.Increment("flag"));
        Refused<NotACounterException>(() => Store.Increment("fraction"));
    }

    [Fact]
    public void A_number_that_was_set_is_counted_and_what_does_not_fit_is_refused()
    {
        Store.Set("k", 41);
        Assert.Equal(42, Store.Increment("k"));
        Store.Set("k", long.MaxValue);
        Refused<OverflowException>(() => Store.Increment("k"));
        Holds("k", $"{long.MaxValue}");
    }

    [Fact]
    public void One_race_leaves_neither_a_deadline_without_a_value_nor_a_value_without_its_deadline()
    {
        // The original kept values and deadlines in two tables without a lock.
        Concurrency.Together.Run(4, thread =>
        {
            for (int i = 0; i < 300; i++)
            {
                string key = $"k{i % 3}";
                if (thread % 2 == 0)
                {
                    Store.Set(key, 1L, TimeSpan.FromMinutes(1));
                }
                else
                {
                    Store.Remove(key);
                    Store.Increment(key, 1, Expiry.WhenNew(TimeSpan.FromMinutes(1)));
                }
            }
        });
        Assert.All(Store.Scan(), entry => Assert.NotNull(entry.ExpiresAt));
        Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, Store.Count());
    }
}
