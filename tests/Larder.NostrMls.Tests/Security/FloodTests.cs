using Larder.NostrMls.Tests.Contract;
using Larder.Tests;
using Xunit;

namespace Larder.NostrMls.Tests.Security;

/// <summary>Strangers decide how many invitations arrive.</summary>
public sealed class FloodTests
{
    [Fact]
    public void A_flood_of_invitations_neither_evicts_an_active_group_nor_fills_the_memory()
    {
        const int Strangers = 100_000;
        using var store = new NostrMlsStore();
        for (int group = 1; group <= 10; group++)
        {
            store.SaveGroup(Some.Group(group));
            store.SaveMessage(Some.Message(group, 1));
            store.SaveExporterSecret(Some.Exporter(group, 1));
        }

        long quarter = 0;
        for (int stranger = 100; stranger < 100 + Strangers; stranger++)
        {
            Arrive(store, stranger);
            if (stranger == 100 + (Strangers / 4))
            {
                quarter = Bytes(store);
            }
        }

        MlsUsage usage = store.Usage;
        Assert.Equal((1000, 990), (usage.Groups.Entries, usage.Welcomes.Entries));   // ten groups are active
        Assert.True(usage.ProcessedWelcomes.Entries <= 1000, $"{usage.ProcessedWelcomes.Entries} processed records are left");
        Assert.InRange(Bytes(store), 1, quarter * 11 / 10);
        for (int group = 1; group <= 10; group++)
        {
            Assert.NotNull(store.FindGroup(Some.GroupId(group)));
            Assert.NotNull(store.FindMessage(Some.GroupId(group), Some.Event(1)));
            Assert.NotNull(store.GetExporterSecret(Some.GroupId(group), 1, ExporterLabel.GroupEvent));
        }

        // The first stranger's invitation had to go. It can be processed again.
        Assert.Null(store.FindWelcome(Some.Event(100)));
        Assert.Null(store.FindProcessedWelcome(Some.Wrapper(100)));
        Arrive(store, 100);
        Assert.NotNull(store.FindWelcome(Some.Event(100)));
        Assert.NotNull(store.FindProcessedWelcome(Some.Wrapper(100)));
        Integrity.Verify(store.Core.State, store.Options);
        Figures.Print($"Nostr MLS flood: {Strangers} invitations of strangers, {usage.Groups.Entries} groups, {usage.Welcomes.Entries} invitations and {usage.ProcessedWelcomes.Entries} records left, {Bytes(store) / 1024} KiB");
    }

    private static long Bytes(NostrMlsStore store) => store.Usage.Groups.Bytes + store.Usage.Relays.Bytes + store.Usage.Welcomes.Bytes + store.Usage.ProcessedWelcomes.Bytes + store.Usage.ProcessedMessages.Bytes + store.Usage.GroupMls.Bytes;

    /// <summary>As an engine does it: in one transaction.</summary>
    private static void Arrive(NostrMlsStore store, int stranger) => store.RunInTransaction(handle =>
    {
        handle.Mls.WriteGroupData(Some.GroupId(stranger), MlsGroupDataKind.GroupState, Some.Value(stranger));
        handle.SaveGroup(Some.Group(stranger, GroupState.Pending));
        handle.ReplaceRelays(Some.GroupId(stranger), [Some.Relay(1)]);
        handle.SaveProcessedWelcome(Some.ProcessedWelcome(stranger, welcome: stranger));
        handle.SaveWelcome(Some.Welcome(stranger));
    });
}
