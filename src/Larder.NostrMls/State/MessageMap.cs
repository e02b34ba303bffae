namespace Larder.NostrMls.State;

/// <summary>
/// An immutable map of messages by id: a version of a table that it shares with older and newer ones. The hash is keyed per process, so that senders cannot choose ids that collide.
/// A change costs O(1), but for one in many that makes a new table, O(n).
/// </summary>
internal sealed class MessageMap
{
    internal static readonly MessageMap Empty = new(new Table(0), 0, 0, 0);

    private readonly Table _table;
    private readonly long _version;
    private readonly int _ended;    // entries that no longer count and still take room

    private MessageMap(Table table, long version, int count, int ended)
    {
        _table = table;
        _version = version;
        _ended = ended;
        Count = count;
    }

    internal int Count { get; }

    internal Message? Find(EventId id) => _table.Find(id, _version, out _);

    /// <summary>Adds a message, in place of one with the same id, which is handed out.</summary>
    internal MessageMap Set(Message message, out Message? before)
    {
        Table table = Writable(out long version, out int ended);
        before = table.Find(message.Id, version, out int at);
        if (before is not null)
        {
            table.End(at, version);
            ended++;
        }

        table.Add(message, version);
        return new(table, version, before is null ? Count + 1 : Count, ended);
    }

    /// <summary>Without the message of this id, which must be there.</summary>
    internal MessageMap Remove(EventId id)
    {
        Table table = Writable(out long version, out int ended);
        table.Find(id, version, out int at);
        table.End(at, version);
        return new(table, version, Count - 1, ended + 1);
    }

    /// <summary>This table, if it has room and nobody else has gone on from this version; else a new one with what counts.</summary>
    private Table Writable(out long version, out int ended)
    {
        version = _version + 1;
        ended = _ended;
        if (_table.HasRoom && _ended <= Count / 4 && _table.TryGoOn(_version))
        {
            return _table;
        }

        ended = 0;
        return _table.Copy(_version, version, Math.Max(4, Count + (Count / 2)));
    }

    /// <summary>
    /// A table of entries that are only added, each with the versions in which it counts: from the one that added it to the one that ended it. A reader has a version, and looks at no entry of a newer
    /// one, so nothing that it finds changes while it reads. Only one change follows each version: what goes on from an older one, as after a draft that was given up, does so in a copy. Entries
    /// are complete before a chain shows them.
    /// </summary>
    private sealed class Table
    {
        private readonly int[] _first;      // the newest entry of each chain, counted from 1; a power of two of them
        private readonly Entry[] _entries;
        private int _used;
        private long _newest;

        internal Table(int room, long version = 0)
        {
            _entries = new Entry[room];
            _first = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)room + 1)];
            _newest = version;
        }

        internal bool HasRoom => _used < _entries.Length;

        internal bool TryGoOn(long version) => Interlocked.CompareExchange(ref _newest, version + 1, version) == version;

        internal Message? Find(EventId id, long version, out int at)
        {
            Entry[] entries = _entries;
            for (at = Volatile.Read(ref First(id)) - 1; (uint)at < (uint)entries.Length; at = entries[at].Next)
            {
                ref Entry entry = ref entries[at];
                if (entry.Id == id && entry.CountsIn(version))
                {
                    return entry.Message;
                }
            }

            return null;
        }

        internal void Add(Message message, long version)
        {
            ref int first = ref First(message.Id);
            _entries[_used] = new Entry(message, first - 1, version);
            Volatile.Write(ref first, ++_used);
        }

        internal void End(int at, long version) => Volatile.Write(ref _entries[at].Until, version);

        private ref int First(EventId id) => ref _first[id.GetHashCode() & (_first.Length - 1)];

        internal Table Copy(long from, long version, int room)
        {
            var copy = new Table(room, version);
            foreach (ref Entry entry in _entries.AsSpan(0, _used))
            {
                if (entry.CountsIn(from))
                {
                    copy.Add(entry.Message, version);
                }
            }

            return copy;
        }
    }

    private struct Entry(Message message, int next, long from)
    {
        internal readonly EventId Id = message.Id;    // at hand: looking is most of what is done here
        internal readonly Message Message = message;
        internal readonly int Next = next;    // of the chain; -1: none
        internal readonly long From = from;
        internal long Until = long.MaxValue;  // written by the writer while others read

        internal readonly bool CountsIn(long version) => From <= version && version < Volatile.Read(in Until);
    }
}
