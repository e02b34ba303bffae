using Xunit;

namespace Larder.NostrMls.Tests.Concurrency;

/// <summary>The invariants at the end of section 12 as far as they can be seen from outside without knowing what was done: for a store that rests.</summary>
internal static class InvariantWalk
{
    public static void Of(IMlsProtocolStore store)
    {
        MlsUsage usage = store.Usage;
        IReadOnlyList<Group> groups = store.GetAllGroups();
        Assert.Equal(groups.Count, usage.Groups.Entries);
        Assert.Equal(groups.Count, groups.Select(group => group.NostrGroupId).Distinct().Count());
        Assert.Equal(groups.OrderBy(group => group.MlsGroupId).Select(group => group.MlsGroupId), groups.Select(group => group.MlsGroupId));
        (long messages, long relays, long snapshots) = (0, 0, 0);
        foreach (Group group in groups)
        {
            using Group? byId = store.FindGroup(group.MlsGroupId);
            using Group? byNostrId = store.FindGroup(group.NostrGroupId);
            Assert.True(group.Equals(byId), "found by its MLS id as another version");
            Assert.True(group.Equals(byNostrId), "found by its Nostr id as another version");
            IReadOnlyList<Message> page = store.GetMessages(group.MlsGroupId, new MessageQuery { Limit = PageQuery.MaxLimit });
            Assert.True(page.Count <= store.Options.MaxMessagesPerGroup);
            AssertSorted(page);
            Assert.All(page, message => Assert.Same(message.Content, store.FindMessage(group.MlsGroupId, message.Id)!.Content));
            Assert.Equal(page.Count == 0 ? null : page[0], store.GetLastMessage(group.MlsGroupId));
            messages += page.Count;
            relays += store.GetRelays(group.MlsGroupId).Count;
            snapshots += store.ListSnapshots(group.MlsGroupId).Count;
            group.Dispose();
        }

        Assert.Equal((messages, relays, snapshots), (usage.Messages.Entries, usage.Relays.Entries, usage.Snapshots.Entries));
        Assert.InRange(groups.Count, 0, store.Options.CacheSize);
        Assert.InRange(usage.Welcomes.Entries, 0, store.Options.CacheSize);
    }

    public static void AssertSorted(IReadOnlyList<Message> page)
    {
        for (int i = 1; i < page.Count; i++)
        {
            (Message newer, Message older) = (page[i - 1], page[i]);
            Assert.True((newer.CreatedAt, newer.ProcessedAt, newer.Id).CompareTo((older.CreatedAt, older.ProcessedAt, older.Id)) > 0, "a page out of order");
        }
    }
}
