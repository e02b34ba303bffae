using Xunit;

namespace Larder.NostrMls.Tests.Contract;

public abstract class WelcomeContract<TSubject> : ContractTest<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void An_invitation_is_found_with_all_its_members()
    {
        NostrMlsStore store = Open();
        Welcome saved = Some.Welcome(1) with { GroupImageHash = new ImageHash(Some.Value(1, 32)), GroupImageKey = Some.Secret(2), GroupImageNonce = Some.Secret(3, 12), MemberCount = uint.MaxValue };

        store.SaveWelcome(saved);

        Assert.Equal(saved, store.FindWelcome(Some.Event(1)));
        Assert.Equal(saved, Assert.Single(store.GetPendingWelcomes()));
        Assert.Null(store.FindWelcome(Some.Event(2)));
        store.FindWelcome(Some.Event(1))!.Dispose();
        Assert.Equal(saved, store.FindWelcome(Some.Event(1)));
    }

    [Fact]
    public void Finished_ones_are_not_pending()
    {
        NostrMlsStore store = Open();
        foreach (WelcomeState state in Enum.GetValues<WelcomeState>())
        {
            store.SaveWelcome(Some.Welcome((int)state, state: state));
        }

        Assert.Equal(Some.Event(0), Assert.Single(store.GetPendingWelcomes()).Id);
        store.SaveWelcome(Some.Welcome(0, state: WelcomeState.Accepted));
        Assert.Empty(store.GetPendingWelcomes());
        store.SaveWelcome(Some.Welcome(3));
        Assert.Equal(Some.Event(3), Assert.Single(store.GetPendingWelcomes()).Id);
    }

    [Fact]
    public void Pending_ones_come_in_pages_descending()
    {
        NostrMlsStore store = Open();
        for (int i = 0; i < 25; i++)
        {
            store.SaveWelcome(Some.Welcome(i * 7 % 25));
        }

        Assert.Equal([10, 10, 5, 0], Enumerable.Range(0, 4).Select(page => store.GetPendingWelcomes(new PageQuery { Limit = 10, Offset = 10 * page }).Count));
        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(Some.Event), store.GetPendingWelcomes().Select(welcome => welcome.Id));
        Invalid(store, "Limit must be between 1 and 10000", () => store.GetPendingWelcomes(new PageQuery { Limit = 0 }));
        Invalid(store, "Limit must be between 1 and 10000", () => store.GetPendingWelcomes(new PageQuery { Limit = 10_001 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.GetPendingWelcomes(new PageQuery { Offset = -1 }));
    }

    [Fact]
    public void Every_limit_holds_at_and_above()
    {
        NostrMlsStore store = Open();
        RelayUrl Url(int bytes) => RelayUrl.Parse("wss://a/" + new string('p', bytes - 8));
        Welcome welcome = Some.Welcome(1) with
        {
            GroupName = new string('x', 256),
            GroupDescription = new string('x', 4096),
            GroupAdminPubkeys = Some.Keys(100),
            GroupRelays = [Url(512), .. Some.Relays(99)],
            Event = Some.Unsigned(1, new string('x', 102_400 - Some.Unsigned(1, "").ToJson().Length)),
        };
        store.SaveWelcome(welcome);

        Invalid(store, "Group name exceeds maximum length", () => store.SaveWelcome(welcome with { GroupName = new string('x', 257) }));
        Invalid(store, "Group description exceeds maximum length", () => store.SaveWelcome(welcome with { GroupDescription = new string('x', 4097) }));
        Invalid(store, "Welcome admin count exceeds maximum", () => store.SaveWelcome(welcome with { GroupAdminPubkeys = Some.Keys(101) }));
        Invalid(store, "Welcome relay count exceeds maximum", () => store.SaveWelcome(welcome with { GroupRelays = Some.Relays(101) }));
        Invalid(store, "Relay URL exceeds maximum length", () => store.SaveWelcome(welcome with { GroupRelays = [Url(513)] }));
        Invalid(store, "Event JSON exceeds maximum length", () => store.SaveWelcome(welcome with { Event = welcome.Event with { Content = welcome.Event.Content + "x" } }));
        Assert.Throws<ArgumentNullException>(() => store.SaveWelcome(null!));
        Assert.Throws<ArgumentException>(() => store.SaveWelcome(welcome with { GroupImageNonce = Some.Secret(1, 11) }));
    }

    [Fact]
    public void Processed_invitations_survive_others()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 5 });
        ProcessedWelcome first = Some.ProcessedWelcome(0, welcome: 7) with { State = ProcessedWelcomeState.Failed, FailureReason = "why" };
        store.SaveProcessedWelcome(first);
        for (int i = 1; i <= 50; i++)
        {
            store.SaveProcessedWelcome(Some.ProcessedWelcome(i));
        }

        Assert.Equal(first, store.FindProcessedWelcome(Some.Wrapper(0)));
        Assert.Null(store.FindProcessedWelcome(Some.Wrapper(99)));
    }

    [Fact]
    public void The_least_recently_used_finished_one_goes_first_and_then_the_open_one()
    {
        List<MlsEviction> evictions = [];
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 3, Evicted = evictions.Add });
        store.SaveWelcome(Some.Welcome(1));
        store.SaveWelcome(Some.Welcome(2, state: WelcomeState.Declined));
        store.SaveWelcome(Some.Welcome(3, state: WelcomeState.Accepted));
        store.FindWelcome(Some.Event(2));   // used

        store.SaveWelcome(Some.Welcome(4));
        Assert.Null(store.FindWelcome(Some.Event(3)));
        store.SaveWelcome(Some.Welcome(5));
        Assert.Null(store.FindWelcome(Some.Event(2)));
        store.GetPendingWelcomes();   // lists are no use
        store.SaveWelcome(Some.Welcome(6));
        Assert.Null(store.FindWelcome(Some.Event(1)));

        Assert.Equal([3, 2, 1], evictions.Select(eviction => Enumerable.Range(1, 6).First(n => Some.Event(n) == eviction.Id)));
        Assert.Equal([Some.Event(6), Some.Event(5), Some.Event(4)], store.GetPendingWelcomes().Select(welcome => welcome.Id));
    }

    [Fact]
    public void An_open_invitation_that_goes_can_be_processed_again()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 1 });
        store.SaveProcessedWelcome(Some.ProcessedWelcome(1, welcome: 1));
        store.SaveProcessedWelcome(Some.ProcessedWelcome(51, welcome: 1));   // another wrapper of the same invitation
        store.SaveWelcome(Some.Welcome(1));

        store.SaveWelcome(Some.Welcome(2, state: WelcomeState.Accepted));
        Assert.Null(store.FindProcessedWelcome(Some.Wrapper(1)));
        Assert.Null(store.FindProcessedWelcome(Some.Wrapper(51)));

        store.SaveProcessedWelcome(Some.ProcessedWelcome(2));
        store.SaveWelcome(Some.Welcome(3));
        Assert.Null(store.FindWelcome(Some.Event(2)));
        Assert.NotNull(store.FindProcessedWelcome(Some.Wrapper(2)));   // it was finished
    }
}
