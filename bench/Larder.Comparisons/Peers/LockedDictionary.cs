using System.Buffers.Binary;

namespace Larder.Comparisons.Peers;

/// <summary>
/// The design of the systems Larder grew from: a dictionary behind a reader-writer lock that copies values in and out and keeps
/// an expiry and a version for each. A scan walks everything.
/// </summary>
internal sealed class LockedDictionary : IDisposable
{
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly Dictionary<string, Item> _items = [];
    private long _version;

    public byte[]? Get(string key)
    {
        _gate.EnterReadLock();
        try
        {
            return _items.TryGetValue(key, out Item item) && !item.IsDue() ? item.Value.AsSpan().ToArray() : null;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    public long Set(string key, ReadOnlySpan<byte> value, long expiry = 0)
    {
        byte[] copy = value.ToArray();
        _gate.EnterWriteLock();
        try
        {
            _items[key] = new Item(copy, expiry, ++_version);
            return _version;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    public long Increment(string key)
    {
        var next = new byte[sizeof(long)];
        _gate.EnterWriteLock();
        try
        {
            bool present = _items.TryGetValue(key, out Item item) && !item.IsDue();
            long sum = checked((present ? BinaryPrimitives.ReadInt64LittleEndian(item.Value) : 0) + 1);
            BinaryPrimitives.WriteInt64LittleEndian(next, sum);
            _items[key] = new Item(next, present ? item.Expiry : 0, ++_version);
            return sum;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    public List<KeyValuePair<string, byte[]>> Scan(string prefix)
    {
        var found = new List<KeyValuePair<string, byte[]>>();
        _gate.EnterReadLock();
        try
        {
            foreach ((string key, Item item) in _items)
            {
                if (key.StartsWith(prefix, StringComparison.Ordinal) && !item.IsDue())
                {
                    found.Add(new(key, item.Value.AsSpan().ToArray()));
                }
            }
        }
        finally
        {
            _gate.ExitReadLock();
        }

        found.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return found;
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>One value; expiry in milliseconds of the system's tick count, 0 for none.</summary>
    private readonly record struct Item(byte[] Value, long Expiry, long Version)
    {
        public bool IsDue() => Expiry != 0 && Environment.TickCount64 >= Expiry;
    }
}
