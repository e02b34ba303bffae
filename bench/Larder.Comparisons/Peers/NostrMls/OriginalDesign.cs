using Larder.NostrMls;

namespace Larder.Comparisons.Peers.NostrMls;

/// <summary>
/// The design that the store for group messaging replaces, rebuilt: LRU maps behind one reader-writer lock, messages in two of them. A page is sorted out of all messages of its
/// group, a full group is looked through for its oldest message, and a snapshot looks through the values of all groups and copies those of its own. Generous where the original is not: messages
/// are never copied, no limit is checked, nothing is zeroed.
/// </summary>
internal sealed class OriginalDesign(int messagesPerGroup) : IDisposable
{
    public const string Name = "LRU maps behind one lock";

    private const int Groups = 1_000;

    private readonly ReaderWriterLockSlim _lock = new();
    private readonly LruMap<MlsGroupId, Group> _groups = new(Groups);
    private readonly LruMap<NostrGroupId, Group> _groupsByNostrId = new(Groups);
    private readonly LruMap<EventId, Message> _messagesById = new(Groups);
    private readonly LruMap<MlsGroupId, Dictionary<EventId, Message>> _messages = new(Groups);
    private readonly Dictionary<(MlsGroupId Group, int Key), byte[]> _mls = [];
    private readonly Dictionary<(MlsGroupId Group, string Name), (Group Record, List<(int Key, byte[] Value)> Mls)> _snapshots = [];

    public void SaveGroup(Group group)
    {
        _lock.EnterWriteLock();
        try
        {
            _groups.Put(group.MlsGroupId, group);
            _groupsByNostrId.Put(group.NostrGroupId, group);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void SaveMessage(Message message)
    {
        if (FindGroup(message.MlsGroupId) is null)
        {
            throw new KeyNotFoundException("there is no such group");
        }

        _lock.EnterWriteLock();
        try
        {
            if (!_messages.TryPeek(message.MlsGroupId, out Dictionary<EventId, Message>? messages))
            {
                messages = [];
                _messages.Put(message.MlsGroupId, messages);
            }

            if (messages.Count >= messagesPerGroup && !messages.ContainsKey(message.Id))
            {
                EventId oldest = messages.MinBy(entry => entry.Value.CreatedAt.Value).Key;
                messages.Remove(oldest);
                _messagesById.Remove(oldest);
            }

            messages[message.Id] = message;
            _messagesById.Put(message.Id, message);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public Group? FindGroup(MlsGroupId group)
    {
        _lock.EnterReadLock();
        try
        {
            return _groups.TryPeek(group, out Group? found) ? found : null;
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public Message? Find(MlsGroupId group, EventId id)
    {
        _lock.EnterReadLock();
        try
        {
            return _messages.TryPeek(group, out Dictionary<EventId, Message>? messages) ? messages.GetValueOrDefault(id) : null;
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public List<Message> Page(MlsGroupId group, int limit)
    {
        _lock.EnterReadLock();
        try
        {
            if (!_messages.TryPeek(group, out Dictionary<EventId, Message>? messages))
            {
                return [];
            }

            List<Message> sorted = [.. messages.Values];
            sorted.Sort(static (x, y) =>
                y.CreatedAt != x.CreatedAt ? y.CreatedAt.CompareTo(x.CreatedAt)
                : y.ProcessedAt != x.ProcessedAt ? y.ProcessedAt.CompareTo(x.ProcessedAt)
                : y.Id.CompareTo(x.Id));
            return sorted.GetRange(0, Math.Min(limit, sorted.Count));
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void WriteMls(MlsGroupId group, int key, byte[] value)
    {
        _lock.EnterWriteLock();
        try
        {
            _mls[(group, key)] = [.. value];
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void CreateSnapshot(MlsGroupId group, string name)
    {
        _lock.EnterWriteLock();
        try
        {
            _groups.TryPeek(group, out Group? record);
            _snapshots[(group, name)] = (record!, [.. from entry in _mls where entry.Key.Group == @group select (entry.Key.Key, (byte[])[.. entry.Value])]);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Rollback(MlsGroupId group, string name)
    {
        _lock.EnterWriteLock();
        try
        {
            if (!_snapshots.Remove((group, name), out (Group Record, List<(int Key, byte[] Value)> Mls) snapshot))
            {
                throw new KeyNotFoundException("there is no such snapshot");
            }

            _groups.Put(group, snapshot.Record);
            _groupsByNostrId.Put(snapshot.Record.NostrGroupId, snapshot.Record);
            foreach ((MlsGroupId Group, int Key) key in _mls.Keys.Where(key => key.Group == group).ToList())
            {
                _mls.Remove(key);
            }

            foreach ((int key, byte[] value) in snapshot.Mls)
            {
                _mls[(group, key)] = value;
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Dispose() => _lock.Dispose();
}
