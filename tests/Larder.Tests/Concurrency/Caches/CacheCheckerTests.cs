using Xunit;

namespace Larder.Tests.Concurrency.Caches;

/// <summary>The sequential cache key that histories are checked against, on histories written by hand.</summary>
public sealed class CacheCheckerTests
{
    private readonly LinearizabilityChecker<CacheKeyState> _checker = new();

    [Fact]
    public void An_entry_is_missed_only_after_something_took_it_away()
    {
        Call set = At(0, 1, new Call { Kind = CallKind.Set, Argument = 7, Deadline = Call.Never });
        Call misses = At(2, 3, new Call { Kind = CallKind.Get });
        Call evicted = At(long.MinValue, 3, new Call { Kind = CallKind.Evict, Argument = 7 });
        Call evictedOther = At(long.MinValue, 3, new Call { Kind = CallKind.Evict, Argument = 8 });

        Assert.False(_checker.IsLinearizable([set, misses]));
        Assert.True(_checker.IsLinearizable([set, misses, evicted]));
        Assert.False(_checker.IsLinearizable([set, misses, evictedOther]));
    }

    [Fact]
    public void An_evicted_entry_is_not_found_again()
    {
        Call set = At(0, 1, new Call { Kind = CallKind.Set, Argument = 7, Deadline = Call.Never });
        Call evicted = At(long.MinValue, 3, new Call { Kind = CallKind.Evict, Argument = 7 });
        Call finds = At(4, 5, new Call { Kind = CallKind.Get, Answer = true, Value = 7 });

        Assert.False(_checker.IsLinearizable([set, evicted, finds]));
    }

    [Fact]
    public void Only_one_of_two_removals_tells_a_value()
    {
        Call set = At(0, 1, new Call { Kind = CallKind.Set, Argument = 7, Deadline = Call.Never });
        Call takes = At(2, 9, new Call { Kind = CallKind.Take, Answer = true, Value = 7 });
        Call takesToo = At(3, 8, new Call { Kind = CallKind.Take, Answer = true, Value = 7 });

        Assert.True(_checker.IsLinearizable([set, takes]));
        Assert.False(_checker.IsLinearizable([set, takes, takesToo]));
    }

    [Fact]
    public void A_load_must_not_replace_what_was_set_meanwhile()
    {
        Call loads = At(0, 9, new Call { Kind = CallKind.Load, Argument = 1, Value = 1, Ran = true, Deadline = Call.Never });
        Call sets = At(2, 3, new Call { Kind = CallKind.Set, Argument = 2, Deadline = Call.Never });
        Call findsSet = At(10, 11, new Call { Kind = CallKind.Get, Answer = true, Value = 2 });
        Call findsLoaded = At(10, 11, new Call { Kind = CallKind.Get, Answer = true, Value = 1 });

        Assert.True(_checker.IsLinearizable([loads, sets, findsSet]));
        Assert.False(_checker.IsLinearizable([loads, sets, findsLoaded]));
    }

    [Fact]
    public void A_load_that_nothing_overtook_must_keep_its_result()
    {
        Call loads = At(0, 1, new Call { Kind = CallKind.Load, Argument = 1, Value = 1, Ran = true, Deadline = Call.Never });
        Call misses = At(2, 3, new Call { Kind = CallKind.Get });

        Assert.False(_checker.IsLinearizable([loads, misses]));
    }

    [Fact]
    public void A_load_may_have_joined_one_that_was_called_at_the_very_same_moment()
    {
        Call runs = At(0, 5, new Call { Kind = CallKind.Load, Argument = 1, Value = 1, Ran = true, Deadline = 90 }, clock: (100, 100));   // expired before it is kept
        Call joins = At(0, 9, new Call { Kind = CallKind.Load, Argument = 2, Value = 1, Deadline = Call.Never }, clock: (100, 100));
        Call overtakes = At(1, 2, new Call { Kind = CallKind.Set, Argument = 3, Deadline = Call.Never }, clock: (100, 100));
        Call[] calls = [runs, joins, overtakes];

        CacheHistories.NoteWhoseValueWasReturned(calls);

        Assert.True(_checker.IsLinearizable(calls));
    }

    [Fact]
    public void What_was_refreshed_before_its_deadline_is_never_missed()
    {
        Call set = At(0, 1, new Call { Kind = CallKind.Set, Argument = 1, Deadline = 100 }, clock: (90, 90));
        Call refresh = At(2, 3, new Call { Kind = CallKind.Set, Argument = 2, Deadline = 200 }, clock: (95, 95));
        Call misses = At(2, 9, new Call { Kind = CallKind.Get }, clock: (95, 110));

        Assert.False(_checker.IsLinearizable([set, refresh, misses]));
    }

    private static Call At(long called, long returned, Call call, (long Start, long End) clock = default)
    {
        call.Called = called;
        call.Returned = returned;
        call.ClockAtCall = clock.Start;
        call.ClockAtReturn = clock.End;
        return call;
    }
}
