using Xunit;

namespace Larder.Tests.Issues;

/// <summary>PublishLocked asks the clock, and sets the timer, after the commit; what they throw reaches the caller although the change is made.</summary>
public sealed class ClockThatThrowsFailsACommitThatTookPlace
{
    [Fact]
    public void A_call_that_throws_has_changed_nothing()
    {
        for (int good = 0; good < 4; good++)
        {
            var clock = new FailingClock();
            using var store = new Store(new StoreOptions { TimeProvider = clock });
            clock.Good = good;
            try
            {
                store.Set("k", "v"u8, TimeSpan.FromMinutes(1));
            }
            catch (TimeZoneNotFoundException)
            {
                clock.Good = int.MaxValue;
                Assert.False(store.Exists("k"), $"the set threw at reading {good} of the clock, and the key is there");
            }

            clock.Good = int.MaxValue;
        }
    }

    private sealed class FailingClock : TimeProvider
    {
        public int Good { get; set; } = int.MaxValue;

        public override long GetTimestamp() => Good-- > 0 ? 0 : throw new TimeZoneNotFoundException();
    }
}
