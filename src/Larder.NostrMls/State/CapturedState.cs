namespace Larder.NostrMls.State;

/// <summary>A state without snapshots, with secrets of its own, and recency as it was.</summary>
internal sealed class CapturedState(StoreState state) : IDisposable
{
    internal StoreState State { get; } = state;

    /// <summary>Copies a state; under the gate of writers, so that nothing is zeroed meanwhile.</summary>
    internal static CapturedState Of(Draft draft)
    {
        StoreState state = draft.State;
        var groups = OrderedTree<GroupNode, MlsGroupId, StoreState.ById>.Empty;
        foreach (GroupNode node in state.Groups.Ascending())
        {
            var items = OrderedTree<Item, ItemKey, ItemOrder>.Empty;
            foreach (Item item in node.Items.Ascending())
            {
                items = items.Set(item with { Content = item.ContentCopy() });
            }

            groups = groups.Set(node with
            {
                Recency = new Recency(draft.StampOf(node.Recency)),
                Items = items,
                Group = (Group?)items.Find(ItemKey.GroupRecord)?.Content,
                Snapshots = [],
                Dead = node.Dead.Clear(),
            });
        }

        var welcomes = OrderedTree<WelcomeNode, EventId, StoreState.ById>.Empty;
        foreach (WelcomeNode node in state.Welcomes.Ascending())
        {
            welcomes = welcomes.Set(node with { Welcome = node.Welcome.Detached(), Recency = new Recency(draft.StampOf(node.Recency)) });
        }

        var identity = OrderedTree<Item, ItemKey, ItemOrder>.Empty;
        foreach (Item item in state.Identity.Ascending())
        {
            identity = identity.Set(item with { Content = item.ContentCopy() });
        }

        return new CapturedState(state with { Groups = groups, Welcomes = welcomes, Identity = identity });
    }

    public void Dispose()
    {
        foreach (Item item in State.Groups.Ascending().SelectMany(node => node.Items.Ascending()).Concat(State.Identity.Ascending()))
        {
            (item.Content as IDisposable)?.Dispose();
        }

        foreach (WelcomeNode node in State.Welcomes.Ascending())
        {
            node.Welcome.Dispose();
        }
    }
}
