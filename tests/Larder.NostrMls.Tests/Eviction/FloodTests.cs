using System.Globalization;
using Larder.NostrMls.Tests.Concurrency;
using Larder.Tests;
using Xunit;

namespace Larder.NostrMls.Tests.Eviction;

/// <summary>Strangers decide how many invitations arrive. A hundred thousand of them cost neither a group of ours nor the memory.</summary>
[Collection(nameof(AloneCollection))]
public sealed class FloodTests
{
    private const int Invitations = 100_000;
    private const int Ours = 10;
    private const int FirstStranger = 1_000;
    private const int MessagesOfEach = 20;

    [Fact]
    public void A_flood_of_invitations_evicts_no_active_group_and_does_not_fill_the_memory()
    {
        var evictions = new Dictionary<MlsEvicted, int>();
        var options = new MlsStoreOptions { Evicted = eviction => evictions[eviction.What] = evictions.GetValueOrDefault(eviction.What) + 1 };
        using var store = new NostrMlsStore(options);
        Flood(store, Invitations, bound: 1_000, out long grown);

        Assert.True(evictions[MlsEvicted.Group] >= Invitations - 1_000);
        Assert.Equal(evictions[MlsEvicted.Group], evictions[MlsEvicted.Welcome]);
        Assert.Equal(evictions[MlsEvicted.Group], evictions[MlsEvicted.ProcessedWelcome]);
        Assert.False(evictions.ContainsKey(MlsEvicted.Message));
        Assert.InRange(grown, long.MinValue, 16 * 1024 * 1024);
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"nostr mls flood: {Invitations} invitations, {evictions[MlsEvicted.Group]} groups evicted with theirs, {Ours} active groups kept, memory grew by {grown / 1024} KiB after the first tenth"));
    }

    /// <summary>Each invitation is flushed, so there are fewer in the fast lane.</summary>
    [Fact]
    public void A_flood_does_the_same_to_a_store_in_a_directory()
    {
        const int bound = 100;
        int invitations = Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? Invitations : 2_000;
        using var directory = new TemporaryDirectory();
        var options = new MlsStoreOptions { CacheSize = bound, EraseDeletedWithin = Timeout.InfiniteTimeSpan, EraseReplacedWithin = Timeout.InfiniteTimeSpan };
        byte[] key = Versioned.Bytes(1, 32);
        MlsUsage usage;
        using (var store = NostrMlsStore.Open(directory.Path, key, options))
        {
            Flood(store, invitations, bound, out _);
            usage = store.Usage;
        }

        using var again = NostrMlsStore.Open(directory.Path, key, options);
        Assert.Equal(usage, again.Usage);
        CheckOurs(again);
        InvariantWalk.Of(again);
    }

    [Fact]
    public void When_only_active_groups_are_left_strangers_are_refused_and_change_nothing()
    {
        using var store = new NostrMlsStore(new MlsStoreOptions { CacheSize = Ours });
        SaveOurs(store);
        MlsUsage before = store.Usage;
        for (int stranger = FirstStranger; stranger < FirstStranger + 1_000; stranger++)
        {
            var refused = Assert.Throws<MlsStoreException>(() => Invite(store, stranger));
            Assert.Equal(MlsStoreErrorKind.CapacityExceeded, refused.Kind);
        }

        Assert.Equal(before, store.Usage);
        CheckOurs(store);
    }

    internal static void Flood(IMlsProtocolStore store, int invitations, int bound, out long grown)
    {
        SaveOurs(store);
        long early = 0;
        for (int i = 0; i < invitations; i++)
        {
            Invite(store, FirstStranger + i);
            if (i == invitations / 10)
            {
                early = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        grown = GC.GetTotalMemory(forceFullCollection: true) - early;
        CheckOurs(store);
        MlsUsage usage = store.Usage;
        Assert.Equal(bound, usage.Groups.Entries);
        Assert.InRange(usage.Welcomes.Entries, 0, bound);
        Assert.InRange(usage.ProcessedWelcomes.Entries, 0, bound);

        // The first of them went long ago: nothing remembers it, and it is processed like a new one.
        Assert.Null(store.FindProcessedWelcome(Versioned.ProcessedWelcome(FirstStranger).WrapperEventId));
        Assert.Null(store.FindWelcome(Versioned.EventId(FirstStranger)));
        Invite(store, FirstStranger);
        Assert.NotNull(store.FindProcessedWelcome(Versioned.ProcessedWelcome(FirstStranger).WrapperEventId));
        using Welcome? again = store.FindWelcome(Versioned.EventId(FirstStranger));
        Assert.Equal(WelcomeState.Pending, again!.State);
        CheckOurs(store);
        InvariantWalk.Of(store);
    }

    private static void SaveOurs(IMlsProtocolStore store)
    {
        for (int group = 0; group < Ours; group++)
        {
            store.SaveGroup(Versioned.Group(group, 1));
            for (int number = 0; number < MessagesOfEach; number++)
            {
                store.SaveMessage(Versioned.Message(group, number, 1));
            }
        }
    }

    private static void CheckOurs(IMlsProtocolStore store)
    {
        for (int group = 0; group < Ours; group++)
        {
            Assert.Equal(1UL, Versioned.Check(store.FindGroup(Versioned.GroupId(group)), group));
            Assert.Equal(MessagesOfEach, store.GetMessages(Versioned.GroupId(group)).Count);
        }
    }

    private static void Invite(IMlsProtocolStore store, int stranger) => store.RunInTransaction(handle =>
    {
        using Group group = Versioned.Group(stranger, 0, GroupState.Pending);
        using Welcome welcome = Versioned.Welcome(stranger, stranger);
        handle.SaveGroup(group);
        handle.SaveWelcome(welcome);
        handle.SaveProcessedWelcome(Versioned.ProcessedWelcome(stranger));
    });
}
