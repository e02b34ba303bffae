using Larder.NostrMls.Codec;
using Larder.NostrMls.State;
using Xunit;

namespace Larder.NostrMls.Tests.Contract;

/// <summary>Walks the whole structure: what must be true between any two operations.</summary>
internal static class Integrity
{
    internal static void Verify(StoreState state, MlsStoreOptions options)
    {
        GroupNode[] nodes = [.. state.Groups.Ascending()];
        GroupNode[] listed = [.. nodes.Where(node => node.IsListed)];
        Assert.Equal(nodes.Length, state.Groups.Count);
        Assert.Equal(listed.Length, state.ListedGroups);
        Assert.True(listed.Length <= options.CacheSize, $"{listed.Length} groups");
        Assert.Equal(listed.Length, state.NostrIds.Count);
        foreach (GroupNode node in nodes)
        {
            Verify(state, options, node);
        }

        Assert.Equal(nodes.Length, nodes.Select(node => node.Number).Distinct().Count());
        Each(nodes, node => node.Number <= state.LastNumber, "a group's number was not given out");
        for (int queue = 0; queue < state.GroupQueues.Length; queue++)
        {
            Same(
                listed.Where(node => (int)node.Group!.State == queue).Select(node => (node.QueuedAt, node.Id)).Order(),
                state.GroupQueues[queue]);
        }

        VerifyEvents(state, options);
        VerifyUsage(state, nodes);
    }

    private static void Verify(StoreState state, MlsStoreOptions options, GroupNode node)
    {
        Item? record = node.Items.Find(ItemKey.GroupRecord);
        Assert.Same(record?.Content, node.Group);
        if (node.Group is { } group)
        {
            Assert.Equal(node.Id, group.MlsGroupId);
            Assert.Equal(node.Id, state.NostrIds.Find(group.NostrGroupId)?.GroupId);
            Assert.True(node.Recency.Stamp >= node.QueuedAt);
        }
        else
        {
            Assert.True(node.Items.Count > 0);
            Assert.Equal(0, node.Messages.Count);
            Assert.Empty(node.Snapshots);
            Each(node.Items.Ascending(), item => item.Key.Family >= ItemFamily.GroupData, "an unlisted group holds more than MLS values");
        }

        Assert.True(node.Messages.Count <= options.MaxMessagesPerGroup);
        Message[] byCreated = [.. node.Messages.InDisplayOrder()];
        Same(byCreated.OrderByDescending(m => m.CreatedAt.Value).ThenByDescending(m => m.ProcessedAt.Value).ThenByDescending(m => m.Id), byCreated);
        Assert.Equal(byCreated.Length, node.Messages.Count);
        Each(byCreated, m => ReferenceEquals(m, node.Messages.Find(m.Id)), "a message is not found by its id");
        Message[] byProcessed = [.. node.Messages.Page(MessageSortOrder.ProcessedAtFirst, 0, int.MaxValue)];
        Same(byCreated.OrderByDescending(m => m.ProcessedAt.Value).ThenByDescending(m => m.CreatedAt.Value).ThenByDescending(m => m.Id), byProcessed);
        Same(byCreated.OrderBy(m => m.Id), node.Messages.AscendingById());

        // Every snapshot is what its number says, and everything dead is held by one.
        Item[] all = [.. node.Items.Ascending(), .. node.Dead.Values.Select(dead => dead.Item)];
        foreach (Snapshot snapshot in node.Snapshots)
        {
            Same(
                all.Where(item => item.Number < snapshot.Point && (!node.Dead.TryGetValue(item.Number, out DeadItem? dead) || snapshot.Point < dead.Died)).Select(item => item.Key).Order(),
                snapshot.Items.Ascending().Select(item => item.Key));
            Each(snapshot.Items.Ascending(), item => all.Any(other => ReferenceEquals(item, other)), "a snapshot holds what is gone");
        }

        Each(node.Dead.Values, dead => node.Snapshots.Any(dead.IsHeldBy), "no snapshot holds what is dead");
        Each(all, item => item.Content is not (SecretBytes { IsDisposed: true } or Group { ImageKey.IsDisposed: true }), "a secret was zeroed too early");
    }

    private static void VerifyEvents(StoreState state, MlsStoreOptions options)
    {
        StoredProcessed[] processed = [.. state.Processed.Ascending()];
        Same(processed.Where(p => p.Record.MlsGroupId is not null).Select(StoreState.ByGroup.KeyOf).Order(), state.ProcessedByGroup.Ascending().Select(StoreState.ByGroup.KeyOf));
        Same(processed.Where(p => p.Record is { MlsGroupId: not null, MessageEventId: not null }).Select(StoreState.ByMessage.KeyOf).Order(), state.ProcessedByMessage.Ascending().Select(StoreState.ByMessage.KeyOf));
        Each(state.ProcessedByGroup.Ascending(), stored => ReferenceEquals(stored, state.Processed.Find(stored.Record.WrapperEventId)), "two indexes hold different records");

        WelcomeNode[] welcomes = [.. state.Welcomes.Ascending()];
        Assert.True(welcomes.Length <= options.CacheSize);
        Same(welcomes.Where(node => node.IsPending), state.PendingWelcomes.Ascending());
        Same(welcomes.OrderBy(StoreState.ByWrapper.KeyOf), state.WelcomesByWrapper.Ascending());
        Same(welcomes.OrderBy(StoreState.ByGroup.KeyOf), state.WelcomesByGroup.Ascending());
        for (int queue = 0; queue < 2; queue++)
        {
            Same(welcomes.Where(node => node.IsPending == (queue == 1)).Select(node => (node.QueuedAt, node.Welcome.Id)).Order(), state.WelcomeQueues[queue]);
        }

        StoredProcessedWelcome[] records = [.. state.ProcessedWelcomes.Ascending()];
        Same(records.Where(r => r.Record.WelcomeEventId is not null).OrderBy(StoreState.ByWelcome.KeyOf), state.ProcessedByWelcome.Ascending());
        Same(records.SelectMany(r => r.Groups.Select(group => (group, r.Record.WrapperEventId))).Order(), state.Attributions.Ascending().Select(StoreState.ByGroup.KeyOf));
        foreach (WelcomeNode node in welcomes)
        {
            Each(state.ProcessedOf(node.Welcome), record => record.Groups.Contains(node.Welcome.MlsGroupId), "a record is not attributed");
        }
    }

    private static void VerifyUsage(StoreState state, GroupNode[] nodes)
    {
        MlsUsage usage = state.ToUsage();
        Item[] items = [.. nodes.SelectMany(node => node.Items.Ascending())];
        Assert.Equal(Sum(items, ItemFamily.GroupRecord, ItemFamily.GroupRecord), usage.Groups);
        Assert.Equal(
            new MlsFamilyUsage(nodes.Sum(node => node.Relays.Count), Sum(items, ItemFamily.Relays, ItemFamily.Relays).Bytes),
            usage.Relays);
        Assert.Equal(Sum(items, ItemFamily.ExporterSecret, ItemFamily.ExporterSecret), usage.ExporterSecrets);
        Assert.Equal(Sum(items, ItemFamily.GroupData, ItemFamily.EpochKeyPairs), usage.GroupMls);
        Assert.Equal(Sum([.. state.Identity.Ascending()], ItemFamily.SignatureKeyPair, ItemFamily.Psk), usage.IdentityMls);
        Message[] messages = [.. nodes.SelectMany(node => node.Messages.AscendingById())];
        Assert.Equal(new MlsFamilyUsage(messages.Length, messages.Sum(RecordSize.Of)), usage.Messages);
        Assert.Equal(new MlsFamilyUsage(state.Processed.Count, state.Processed.Ascending().Sum(stored => RecordSize.Of(stored.Record))), usage.ProcessedMessages);
        Assert.Equal(new MlsFamilyUsage(state.Welcomes.Count, state.Welcomes.Ascending().Sum(node => RecordSize.Of(node.Welcome))), usage.Welcomes);
        Assert.Equal(new MlsFamilyUsage(state.ProcessedWelcomes.Count, state.ProcessedWelcomes.Ascending().Sum(stored => RecordSize.Of(stored.Record, stored.Groups))), usage.ProcessedWelcomes);
        Assert.Equal(new MlsFamilyUsage(nodes.Sum(node => node.Snapshots.Count), nodes.Sum(node => node.Dead.Values.Sum(dead => dead.Item.Bytes))), usage.Snapshots);
    }

    /// <summary>Faster than the framework's own, which would take most of the time of a walk.</summary>
    private static void Same<T>(IEnumerable<T> expected, IEnumerable<T> actual) => Assert.True(expected.SequenceEqual(actual), "two orders of the same things differ");

    private static void Each<T>(IEnumerable<T> items, Func<T, bool> holds, string what) => Assert.True(items.All(holds), what);

    private static MlsFamilyUsage Sum(Item[] items, ItemFamily first, ItemFamily last)
    {
        Item[] family = [.. items.Where(item => item.Key.Family >= first && item.Key.Family <= last)];
        return new(family.Length, family.Sum(item => RecordSize.Of(item.Content)));
    }
}
