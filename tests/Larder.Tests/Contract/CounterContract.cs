using System.Text;
using Xunit;

namespace Larder.Tests.Contract;

/// <summary>Counters: 64 bits, checked, exact under any number of threads, and never made of what is none.</summary>
public abstract class CounterContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void An_absent_counter_counts_from_zero()
    {
        Assert.Equal(1, Store.Increment("k"));
        Assert.Equal(43, Store.Increment("k", 42));
        Assert.Equal(0, Store.Increment("k", -43));
        Assert.Equal(-7, Store.Increment("k"u8, -7));
        Assert.Equal(-7, Store.Increment("k", 0));
        Assert.Equal(0, Store.Increment("new", 0));

        Assert.Equal(ValueKind.Counter, Holds("k", "-7").Kind);
        Holds("new", "0");
    }

    [Theory]
    [InlineData(long.MaxValue, "9223372036854775807")]
    [InlineData(long.MinValue, "-9223372036854775808")]
    public void The_whole_range_fits(long by, string text)
    {
        Assert.Equal(by, Store.Increment("k", by));
        Holds("k", text);
        Assert.Equal(by, Store.Increment("k", 0));
        Assert.Equal(-1, Store.Increment("k", by > 0 ? long.MinValue : long.MaxValue));
    }

    [Theory]
    [InlineData(long.MaxValue, 1)]
    [InlineData(long.MinValue, -1)]
    [InlineData(long.MinValue, long.MinValue)]
    [InlineData(1, long.MaxValue)]
    public void Overflow_is_refused_and_changes_nothing(long start, long by)
    {
        Store.Increment("k", start);
        Refused<OverflowException>(() => Store.Increment("k", by));
        Refused<OverflowException>(() => Store.Increment("k"u8, by));
        Refused<OverflowException>(() => Store.Write(new WriteBatch().Set("other", "v"u8).Increment("k", by)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("-7")]
    [InlineData("9223372036854775806")]
    public void A_whole_number_in_decimal_is_a_counter(string number)
    {
        Store.Set("bytes", Encoding.ASCII.GetBytes(number));
        Store.Set("text", number);

        Assert.Equal(long.Parse(number, null) + 1, Store.Increment("bytes"));
        Assert.Equal(long.Parse(number, null) + 1, Store.Increment("text"));
        Assert.True(Store.TryGet("text", out Entry entry));
        Assert.Equal(ValueKind.Counter, entry.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("-0")]
    [InlineData("-")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("0x1")]
    [InlineData("١")]
    [InlineData("abc")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("100000000000000000000000000000")]
    public void Everything_else_is_refused_unchanged(string value)
    {
        Store.Set("k", Encoding.UTF8.GetBytes(value));

        Refused<NotACounterException>(() => Store.Increment("k"), "no 64-bit counter");
        Refused<NotACounterException>(() => Store.Increment("k"u8, 5));
        Refused<NotACounterException>(() => Store.Write(new WriteBatch().Increment("k")));
    }

    [Fact]
    public void The_refusal_names_the_key_as_the_caller_knows_it()
    {
        Store.Set("k", "text"u8);

        NotACounterException refusal = Refused<NotACounterException>(() => Store.Increment("k"), "the value of 'k' is no 64-bit counter");
        Assert.Equal("k", refusal.Key);
    }

    [Fact]
    public void An_increment_keeps_the_deadline_unless_told_otherwise()
    {
        DateTimeOffset deadline = Now + TimeSpan.FromMinutes(1);
        Store.Increment("k", 1, TimeSpan.FromMinutes(1));
        Store.Increment("k");
        Assert.Equal(deadline, Holds("k", "2").ExpiresAt);
        Store.Increment("k", 1, TimeSpan.FromMinutes(2));
        Assert.Equal(deadline + TimeSpan.FromMinutes(1), Holds("k", "3").ExpiresAt);
        Store.Increment("k", 1, Expiry.None);
        Assert.Null(Holds("k", "4").ExpiresAt);
    }

    [Fact]
    public void A_counter_is_read_as_a_number()
    {
        Store.Increment("k", 42);

        Assert.True(Store.TryGet("k", out long whole));
        Assert.True(Store.TryGet("k", out int narrow));
        Assert.True(Store.TryGet("k", out long? nullable));
        Assert.Equal((42, 42, 42), (whole, narrow, nullable));
        Assert.Throws<ValueKindException>(() => Store.TryGet("k", out bool _));
        Assert.Throws<ValueKindException>(() => Store.TryGet("k", out string? _));
    }

    [Fact]
    public async Task No_increment_is_lost()
    {
        const int Threads = 8, Rounds = 2_000;
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                Store.Increment("k");
            }
        })));

        Holds("k", $"{Threads * Rounds}");
    }
}
