using Larder.NostrMls.State;

namespace Larder.NostrMls.Durability;

/// <summary>
/// Rebuilds the state from the records of a generation. Items say whose they are; those with a death are kept for snapshots, and a snapshot is what was born before its
/// number and died after it. What was used last is not recorded: groups and invitations are in the order of their last writes.
/// </summary>
internal sealed class Loading(MlsStoreOptions options, UseClock clock)
{
    private readonly List<LoadedItem> _items = [];
    private readonly Dictionary<long, long> _deaths = [];
    private readonly List<(long Point, LoadedSnapshot Snapshot)> _snapshots = [];
    private readonly List<(long Group, Message Message)> _messages = [];
    private readonly List<WelcomeNode> _welcomes = [];
    private readonly Draft _draft = new(new StoreState(), options, clock, writes: false);
    private long _last;

    internal void Add(RecordKey key, string name, ReadOnlySpan<byte> value, Records records)
    {
        switch (key.Family)
        {
            case RecordFamily.Item:
                _items.Add(records.ReadItem(name, Seen(key.Number), value));
                break;
            case RecordFamily.Death:
                _deaths.Add(key.Number, Seen(Records.ReadDeath(value)));
                break;
            case RecordFamily.Snapshot:
                _snapshots.Add((Seen(key.Number), Records.ReadSnapshot(value)));
                break;
            case RecordFamily.Message:
                _messages.Add((key.Number, Records.ReadMessage(value)));
                break;
            case RecordFamily.Processed:
                _draft.PutProcessed(Records.ReadProcessed(value));
                break;
            case RecordFamily.Welcome:
                _welcomes.Add(records.ReadWelcome(name, value));
                Seen(_welcomes[^1].Number);
                break;
            case RecordFamily.ProcessedWelcome:
                (ProcessedWelcome record, var groups) = Records.ReadProcessedWelcome(value);
                _draft.PutProcessedWelcome(record, groups);
                break;
        }
    }

    internal StoreState State()
    {
        foreach (LoadedItem item in _items)
        {
            Seen(item.OwnerNumber);
        }

        clock.AdvanceTo(_last);
        _draft.State = _draft.State with { LastNumber = _last, Generation = _last };
        foreach (IGrouping<MlsGroupId, LoadedItem> items in _items.Where(item => item.Owner is not null).GroupBy(item => item.Owner!.Value))
        {
            AddGroup(items.Key, [.. items]);
        }

        AddMessages();
        foreach (LoadedItem item in _items.Where(item => item.Owner is null))
        {
            _draft.State = _draft.State with { Identity = _draft.State.Identity.Set(item.Item) };
            _draft.Count(UsageFamily.IdentityMls, 1, item.Item.Bytes);
        }

        _welcomes.ForEach(_draft.PutIn);
        return _draft.Final();
    }

    private void AddGroup(MlsGroupId id, List<LoadedItem> items)
    {
        Item? record = items.Find(item => item.Item.Key.Family == ItemFamily.GroupRecord && !_deaths.ContainsKey(item.Item.Number))?.Item;
        var node = new GroupNode(id, items[0].OwnerNumber, new Recency(record?.Number ?? 0)) { Group = (Group?)record?.Content };
        foreach (Item item in items.Select(item => item.Item))
        {
            if (_deaths.TryGetValue(item.Number, out long died))
            {
                node = node with { Dead = node.Dead.Add(item.Number, new DeadItem(item, died)) };
                _draft.Count(UsageFamily.Snapshots, 0, item.Bytes);
            }
            else
            {
                node = node with { Items = node.Items.Set(item) };
                _draft.CountItem(item, 1);
            }
        }

        foreach ((long point, LoadedSnapshot snapshot) in _snapshots.Where(snapshot => snapshot.Snapshot.Owner == id).OrderBy(snapshot => snapshot.Point))
        {
            var held = OrderedTree<Item, ItemKey, ItemOrder>.Empty;
            foreach (Item item in items.Select(item => item.Item).Where(item => item.Number < point && point < _deaths.GetValueOrDefault(item.Number, long.MaxValue)))
            {
                held = held.Set(item);
            }

            node = node with { Snapshots = node.Snapshots.Add(new Snapshot(snapshot.Name, snapshot.CreatedAt, point, held)) };
            _draft.Count(UsageFamily.Snapshots, 1, 0);
        }

        if (node.Group is { } group)
        {
            node = _draft.Queue(node);
            _draft.State = _draft.State with
            {
                NostrIds = _draft.State.NostrIds.Set(new NostrName(group.NostrGroupId, id)),
                ListedGroups = _draft.State.ListedGroups + 1,
            };
        }

        _draft.Set(node);
    }

    private void AddMessages()
    {
        var byNumber = _draft.State.Groups.Ascending().ToDictionary(node => node.Number);
        foreach (IGrouping<long, Message> messages in _messages.GroupBy(message => message.Group, message => message.Message))
        {
            GroupNode node = byNumber.TryGetValue(messages.Key, out GroupNode? known) ? known : throw Codec.RecordReader.Broken();
            _draft.Set(messages.Aggregate(node, _draft.PutMessage));
        }
    }

    private long Seen(long number)
    {
        _last = Math.Max(_last, number);
        return number;
    }
}
