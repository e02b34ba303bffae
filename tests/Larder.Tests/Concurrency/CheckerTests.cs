using Xunit;

namespace Larder.Tests.Concurrency;

/// <summary>The checker itself, on histories written by hand.</summary>
public sealed class CheckerTests
{
    private readonly LinearizabilityChecker<KeyState> _checker = new();

    [Fact]
    public void A_read_may_see_a_set_it_overlaps_or_not()
    {
        Call set = At(0, 10, new Call { Kind = CallKind.Set, Argument = 7, Deadline = Call.Never, Version = 1 });
        Call finds = At(5, 6, new Call { Kind = CallKind.Get, Answer = true, Value = 7, Version = 1, FoundDeadline = Call.Never });
        Call misses = At(5, 6, new Call { Kind = CallKind.Get });

        Assert.True(_checker.IsLinearizable([set, finds]));
        Assert.True(_checker.IsLinearizable([set, misses]));
    }

    [Fact]
    public void A_read_must_see_a_set_that_had_ended()
    {
        Call set = At(0, 4, new Call { Kind = CallKind.Set, Argument = 7, Deadline = Call.Never, Version = 1 });
        Call misses = At(5, 6, new Call { Kind = CallKind.Get });

        Assert.False(_checker.IsLinearizable([set, misses]));
    }

    [Fact]
    public void Two_reads_must_not_disagree_about_the_order_of_two_sets()
    {
        Call first = At(0, 20, new Call { Kind = CallKind.Set, Argument = 1, Deadline = Call.Never, Version = 1 });
        Call second = At(0, 20, new Call { Kind = CallKind.Set, Argument = 2, Deadline = Call.Never, Version = 2 });
        Call sees2 = At(1, 2, new Call { Kind = CallKind.Get, Answer = true, Value = 2, Version = 2, FoundDeadline = Call.Never });
        Call sees1 = At(3, 4, new Call { Kind = CallKind.Get, Answer = true, Value = 1, Version = 1, FoundDeadline = Call.Never });

        Assert.False(_checker.IsLinearizable([first, second, sees2, sees1]));
    }

    [Fact]
    public void An_entry_is_gone_only_when_the_clock_can_have_reached_its_deadline()
    {
        Call set = At(0, 1, new Call { Kind = CallKind.Set, Argument = 7, Deadline = 100, Version = 1 }, clock: (90, 90));
        Call missesLate = At(2, 3, new Call { Kind = CallKind.Get }, clock: (95, 100));
        Call missesEarly = At(2, 3, new Call { Kind = CallKind.Get }, clock: (95, 99));

        Assert.True(_checker.IsLinearizable([set, missesLate]));
        Assert.False(_checker.IsLinearizable([set, missesEarly]));
    }

    [Fact]
    public void Time_that_one_call_saw_pass_has_passed_for_the_next()
    {
        Call set = At(0, 1, new Call { Kind = CallKind.Set, Argument = 7, Deadline = 100, Version = 1 }, clock: (90, 90));
        Call misses = At(2, 3, new Call { Kind = CallKind.Get }, clock: (90, 110));
        Call finds = At(4, 5, new Call { Kind = CallKind.Get, Answer = true, Value = 7, Version = 1, FoundDeadline = 100 }, clock: (90, 110));

        Assert.False(_checker.IsLinearizable([set, misses, finds]));
    }

    [Fact]
    public void A_version_that_was_not_shown_is_settled_by_the_first_call_that_shows_it()
    {
        Call increment = At(0, 1, new Call { Kind = CallKind.Increment, Argument = 3, Value = 3, Deadline = Call.Keep });
        Call reads = At(2, 3, new Call { Kind = CallKind.Get, Answer = true, Value = 3, Version = 9, FoundDeadline = Call.Never });
        Call updates = At(4, 5, new Call { Kind = CallKind.Update, Expected = 8, Argument = 4, Answer = true, Version = 10, Deadline = Call.Never });

        Assert.True(_checker.IsLinearizable([increment, reads]));
        Assert.False(_checker.IsLinearizable([increment, reads, updates]));
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
