using Larder.NostrMls;

namespace Larder.Comparisons.Peers;

/// <summary>
/// The design of the Rust backends, rebuilt: maps that know who was used least, behind one reader-writer lock; reads leave the order as it is; messages of a group in a map by id, which is
/// sorted for every page; snapshots and rollbacks copy the map of a group's values. That is MDK; nostr-mls-memory-storage had a list instead of the map by id, which it searched to save a message.
/// </summary>
internal sealed class LruGroups(int capacity) : IDisposable
{
    private readonly LruMap<MlsGroupId, List<Message>> _lists = new(capacity);
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly LruMap<MlsGroupId, Dictionary<EventId, Message>> _messages = new(capacity);
    private readonly LruMap<MlsGroupId, Dictionary<ulong, byte[]>> _values = new(capacity);
    private readonly Dictionary<(MlsGroupId, string), Dictionary<ulong, byte[]>> _snapshots = [];

    public void SaveMessage(Message message)
    {
        _lock.EnterWriteLock();
        try
        {
            if (!_messages.TryUse(message.MlsGroupId, out Dictionary<EventId, Message>? group))
            {
                _messages.Put(message.MlsGroupId, group = []);
            }

            group[message.Id] = message;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>As nostr-mls-memory-storage did it.</summary>
    public void SaveMessageToList(Message message)
    {
        _lock.EnterWriteLock();
        try
        {
            if (!_lists.TryUse(message.MlsGroupId, out List<Message>? group))
            {
                _lists.Put(message.MlsGroupId, group = []);
            }

            int at = group.FindIndex(other => other.Id == message.Id);
            if (at < 0)
            {
                group.Add(message);
            }
            else
            {
                group[at] = message;
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public Message? FindMessage(MlsGroupId group, EventId id)
    {
        _lock.EnterReadLock();
        try
        {
            return _messages.Peek(group)?.GetValueOrDefault(id);
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
            List<Message> all = [.. _messages.Peek(group)?.Values ?? Enumerable.Empty<Message>()];
            all.Sort((left, right) => (right.CreatedAt, right.ProcessedAt, right.Id).CompareTo((left.CreatedAt, left.ProcessedAt, left.Id)));
            return all[..Math.Min(limit, all.Count)];
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Write(MlsGroupId group, ulong key, byte[] value)
    {
        _lock.EnterWriteLock();
        try
        {
            if (!_values.TryUse(group, out Dictionary<ulong, byte[]>? values))
            {
                _values.Put(group, values = []);
            }

            values[key] = (byte[])value.Clone();
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Snapshot(MlsGroupId group, string name)
    {
        _lock.EnterWriteLock();
        try
        {
            _snapshots[(group, name)] = (_values.Peek(group) ?? []).ToDictionary(entry => entry.Key, entry => (byte[])entry.Value.Clone());
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
            _snapshots.Remove((group, name), out Dictionary<ulong, byte[]>? snapshot);
            _values.Put(group, snapshot!);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>A map that drops what was used least recently.</summary>
    private sealed class LruMap<TKey, TValue>(int capacity)
        where TKey : notnull
        where TValue : class
    {
        private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _entries = [];
        private readonly LinkedList<(TKey Key, TValue Value)> _order = new();

        public TValue? Peek(TKey key) => _entries.TryGetValue(key, out LinkedListNode<(TKey Key, TValue Value)>? node) ? node.Value.Value : null;

        public bool TryUse(TKey key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TValue? value)
        {
            value = null;
            if (_entries.TryGetValue(key, out LinkedListNode<(TKey Key, TValue Value)>? node))
            {
                _order.Remove(node);
                _order.AddFirst(node);
                value = node.Value.Value;
            }

            return value is not null;
        }

        public void Put(TKey key, TValue value)
        {
            if (_entries.Remove(key, out LinkedListNode<(TKey Key, TValue Value)>? old))
            {
                _order.Remove(old);
            }
            else if (_entries.Count == capacity)
            {
                _entries.Remove(_order.Last!.Value.Key);
                _order.RemoveLast();
            }

            _entries.Add(key, _order.AddFirst((key, value)));
        }
    }
}
