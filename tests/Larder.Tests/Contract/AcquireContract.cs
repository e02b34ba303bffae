using Larder.Tests.Concurrency;
using Xunit;

namespace Larder.Tests.Contract;

/// <summary>Check and count in one step: never more than the limit of a window, nothing written by whoever is refused.</summary>
public abstract class AcquireContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_window_gives_its_limit_and_no_more()
    {
        DateTimeOffset end = Now + _minute;
        Assert.Equal(new AcquireResult(true, 1, 3, end), Store.TryAcquire("k", 3, _minute));
        Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(new AcquireResult(true, 2, 3, end), Store.TryAcquire("k", 3, _minute));
        Assert.Equal(new AcquireResult(true, 3, 3, end), Store.TryAcquire("k", 3, _minute));
        string before = Picture();
        AcquireResult refused = Store.TryAcquire("k", 3, _minute);
        Assert.Equal(new AcquireResult(false, 3, 3, end), refused);
        Assert.Equal((false, 0), ((bool)refused, refused.Remaining));
        Assert.Equal(before, Picture());
        Assert.True(Store.TryAcquire("other", 3, _minute));
    }

    [Fact]
    public void A_window_ends_when_it_said_and_the_next_starts_fresh()
    {
        Store.TryAcquire("k", 1, _minute);
        Advance(_minute - TimeSpan.FromTicks(1));
        Assert.False(Store.TryAcquire("k", 1, _minute));
        Advance(TimeSpan.FromTicks(1));
        Assert.Equal(new AcquireResult(true, 1, 1, Now + _minute), Store.TryAcquire("k", 1, _minute));
    }

    [Fact]
    public void Permits_are_taken_all_or_none()
    {
        Assert.Equal(4, Store.TryAcquire("k", 10, _minute, permits: 6).Remaining);
        Assert.Equal(new AcquireResult(false, 6, 10, Now + _minute), Store.TryAcquire("k", 10, _minute, permits: 5));
        Assert.True(Store.TryAcquire("k", 10, _minute, permits: 4));
        Assert.False(Store.TryAcquire("k", 10, _minute, permits: 1));
        Assert.False(Store.TryAcquire("never", 10, _minute, permits: 11));
        Assert.False(Store.TryAcquire("never", 10, _minute, permits: long.MaxValue));
        IsAbsent("never");
    }

    [Fact]
    public void Nothing_asked_only_looks()
    {
        Assert.Equal(new AcquireResult(true, 0, 1, null), Store.TryAcquire("k", 1, _minute, permits: 0));
        IsAbsent("k");
        Store.TryAcquire("k", 1, _minute);
        Assert.Equal(new AcquireResult(false, 1, 1, Now + _minute), Store.TryAcquire("k", 1, _minute, permits: 0));
        Assert.Equal(new AcquireResult(true, 1, 2, Now + _minute), Store.TryAcquire("k", 2, _minute, permits: 0));
    }

    [Fact]
    public void A_limit_of_nothing_refuses_everybody_and_one_of_everything_nobody()
    {
        Assert.Equal(new AcquireResult(false, 0, 0, null), Store.TryAcquire("k", 0, _minute));
        IsAbsent("k");
        Assert.True(Store.TryAcquire("k", long.MaxValue, _minute, permits: long.MaxValue));
        Assert.False(Store.TryAcquire("k", long.MaxValue, _minute));
    }

    [Fact]
    public void A_window_may_last_for_ever()
    {
        Assert.Equal(new AcquireResult(true, 1, 1, null), Store.TryAcquire("k", 1, Timeout.InfiniteTimeSpan));
        Advance(TimeSpan.FromDays(3650));
        Assert.False(Store.TryAcquire("k", 1, Timeout.InfiniteTimeSpan));
        Store.Remove("k");
        Assert.True(Store.TryAcquire("k", 1, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void A_window_is_a_counter_like_any_other()
    {
        Store.TryAcquire("k", 5, _minute, permits: 2);
        Assert.Equal(ValueKind.Counter, Holds("k", "2").Kind);
        Assert.True(Store.TryGet("k", out long taken));
        Assert.Equal(2, taken);
        Assert.Equal(1, Store.Increment("k", -1));                        // one is given back
        Assert.Equal(new AcquireResult(true, 5, 5, Now + _minute), Store.TryAcquire("k", 5, _minute, permits: 4));
        Store.Set("text", "4");
        Assert.Equal(new AcquireResult(true, 5, 5, null), Store.TryAcquire("text", 5, _minute));
        Store.Increment("below", -10);
        Assert.Equal(5, Store.TryAcquire("below", 5, _minute, permits: 0).Remaining);
        Assert.True(Store.TryAcquire("below", long.MaxValue, _minute, permits: long.MaxValue));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("01")]
    [InlineData("1.5")]
    [InlineData("")]
    [InlineData("9223372036854775808")]
    public void What_is_no_counter_is_refused_unchanged(string value)
    {
        Store.Set("k", System.Text.Encoding.UTF8.GetBytes(value));
        Refused<NotACounterException>(() => Store.TryAcquire("k", 5, _minute), "the value of 'k' is no 64-bit counter");
        Refused<NotACounterException>(() => Store.TryAcquire("k", 0, _minute));
    }

    [Fact]
    public async Task Bad_arguments_are_refused_by_name_at_the_call()
    {
        Refused<ArgumentException>(() => Store.TryAcquire("", 1, _minute), "key cannot be empty", "key");
        Refused<ArgumentNullException>(() => Store.TryAcquire(null!, 1, _minute), null, "key");
        Refused<ArgumentOutOfRangeException>(() => Store.TryAcquire("k", -1, _minute), null, "limit");
        Refused<ArgumentOutOfRangeException>(() => Store.TryAcquire("k", 1, _minute, -1), null, "permits");
        Refused<ArgumentOutOfRangeException>(() => Store.TryAcquire("k", 1, TimeSpan.Zero), null, "window");
        Refused<ArgumentOutOfRangeException>(() => Store.TryAcquire("k", 1, TimeSpan.FromSeconds(-5)), null, "window");
        Action atTheCall = () => Store.TryAcquireAsync("k", 1, TimeSpan.Zero).AsTask();
        Refused<ArgumentOutOfRangeException>(atTheCall, null, "window");
        await RefusedByTask<OperationCanceledException>(() => Store.TryAcquireAsync("k", 1, _minute, cancellationToken: new CancellationToken(canceled: true)).AsTask());
        Assert.Throws<ArgumentNullException>(() => AcquireExtensions.TryAcquire(null!, "k", 1, _minute));
    }

    [Fact]
    public void A_closed_store_says_so()
    {
        IStore store = Store;
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store.TryAcquire("k", 1, _minute));
    }

    [Fact]
    public void However_many_ask_at_once_exactly_the_limit_is_given()
    {
        const int Threads = 8;
        const int Limit = 100;
        for (int window = 0; window < 3; window++)
        {
            long taken = 0;
            Together.Run(Threads, thread =>
            {
                for (int i = 0; i < 30; i++)
                {
                    long permits = 1 + ((thread + i) % 3);
                    AcquireResult result = thread % 2 == 0
                        ? Store.TryAcquire("k", Limit, _minute, permits)
                        : Store.TryAcquireAsync("k", Limit, _minute, permits).AsTask().GetAwaiter().GetResult();
                    Assert.InRange(result.Count, 0, Limit);
                    Interlocked.Add(ref taken, result ? permits : 0);
                }

                while (Store.TryAcquire("k", Limit, _minute))   // what larger requests left
                {
                    Interlocked.Increment(ref taken);
                }
            });
            Assert.Equal(Limit, taken);
            Holds("k", $"{Limit}");
            Advance(_minute);
        }
    }
}
