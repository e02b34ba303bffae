namespace Larder;

/// <summary>What one item of a batch does.</summary>
public enum BatchOperation : byte
{
    /// <summary>Sets a key.</summary>
    Set = 0,

    /// <summary>Removes a key; nothing happens when it is absent.</summary>
    Remove = 1,

    /// <summary>Adds to a counter; an absent key counts from 0.</summary>
    Increment = 2,

    /// <summary>Refuses the whole batch unless the key has this version; 0 means absent.</summary>
    Require = 3,

    /// <summary>Removes every key that starts with the item's key and is longer; an empty key means all of them.</summary>
    Clear = 4,
}

/// <summary>One item of a <see cref="WriteBatch"/>; for those who implement <see cref="IStore"/>.</summary>
public readonly struct BatchItem
{
    internal BatchItem(BatchOperation operation, byte[] key, byte[]? value = null, long number = 0, Expiry expiry = default, ValueKind kind = ValueKind.Bytes)
    {
        Operation = operation;
        KeyArray = key;
        ValueArray = value;
        Number = number;
        Expiry = expiry;
        Kind = kind;
    }

    /// <summary>What the item does.</summary>
    public BatchOperation Operation { get; }

    /// <summary>The key in UTF-8; the prefix of a <see cref="BatchOperation.Clear"/>.</summary>
    public ReadOnlyMemory<byte> Utf8Key => KeyArray;

    /// <summary>The value of a <see cref="BatchOperation.Set"/>.</summary>
    public ReadOnlyMemory<byte> Value => ValueArray;

    /// <summary>The amount of an <see cref="BatchOperation.Increment"/>, the version of a <see cref="BatchOperation.Require"/>.</summary>
    public long Number { get; }

    /// <summary>The expiry of a set or an increment.</summary>
    public Expiry Expiry { get; }

    /// <summary>How the bytes of a set's value came to be.</summary>
    public ValueKind Kind { get; }

    internal byte[] KeyArray { get; }

    internal byte[]? ValueArray { get; }
}

/// <summary>
/// Writes that take effect together or not at all, in the order in which they were added: two increments of one key add up, a set
/// after a remove sets. Keys and values are copied when they are added. Not safe for use by several threads at once; may be
/// written more than once.
/// </summary>
public sealed class WriteBatch
{
    /// <summary>The most items a batch takes: 65,536, so that one commit stays a matter of milliseconds for everybody else.</summary>
    public const int MaxItems = 65_536;

    /// <summary>How many items were added.</summary>
    public int Count => ItemList.Count;

    /// <summary>The items in order.</summary>
    public IReadOnlyList<BatchItem> Items => ItemList.AsReadOnly();

    /// <summary>The items themselves, for those who go through all of them.</summary>
    internal List<BatchItem> ItemList { get; } = [];

    /// <summary>Sets <paramref name="key"/> to a copy of <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentException">The key is empty or holds an unpaired surrogate.</exception>
    public WriteBatch Set(string key, ReadOnlySpan<byte> value, Expiry expiry = default, ValueKind kind = ValueKind.Bytes) =>
        Add(new BatchItem(BatchOperation.Set, Utf8.Key(key), value.ToArray(), 0, expiry, kind));

    /// <summary>Sets <paramref name="key"/> to a copy of <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="value"/> is null.</exception>
    /// <exception cref="ArgumentException">The key is empty or holds an unpaired surrogate.</exception>
    public WriteBatch Set(string key, byte[] value, Expiry expiry = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Set(key, value.AsSpan(), expiry);
    }

    /// <summary>Removes <paramref name="key"/>.</summary>
    /// <exception cref="ArgumentException">The key is empty or holds an unpaired surrogate.</exception>
    public WriteBatch Remove(string key) => Add(new BatchItem(BatchOperation.Remove, Utf8.Key(key)));

    /// <summary>Adds <paramref name="by"/> to the counter <paramref name="key"/>; keeps its deadline unless <paramref name="expiry"/> says otherwise.</summary>
    /// <exception cref="ArgumentException">The key is empty or holds an unpaired surrogate.</exception>
    public WriteBatch Increment(string key, long by = 1, Expiry expiry = default) =>
        Add(new BatchItem(BatchOperation.Increment, Utf8.Key(key), null, by, expiry));

    /// <summary>Refuses the whole batch unless <paramref name="key"/> has <paramref name="version"/> at this point of the batch; 0 means absent.</summary>
    /// <exception cref="ArgumentException">The key is empty or holds an unpaired surrogate.</exception>
    public WriteBatch Require(string key, long version) => Add(new BatchItem(BatchOperation.Require, Utf8.Key(key), null, version));

    /// <summary>Removes everything, in a scope everything in the scope.</summary>
    public WriteBatch Clear() => Add(new BatchItem(BatchOperation.Clear, []));

    /// <summary>A set whose value is not copied, because nobody else has it.</summary>
    internal WriteBatch SetOwned(string key, byte[] value, Expiry expiry, ValueKind kind) =>
        Add(new BatchItem(BatchOperation.Set, Utf8.Key(key), value, 0, expiry, kind));

    /// <summary>The same batch with every key under <paramref name="prefix"/>.</summary>
    internal WriteBatch Under(ReadOnlySpan<byte> prefix)
    {
        var scoped = new WriteBatch();
        foreach (BatchItem item in ItemList)
        {
            byte[] key = [.. prefix, .. item.KeyArray];
            scoped.ItemList.Add(new BatchItem(item.Operation, key, item.ValueArray, item.Number, item.Expiry, item.Kind));
        }

        return scoped;
    }

    private WriteBatch Add(BatchItem item)
    {
        if (ItemList.Count == MaxItems)
        {
            throw new StoreLimitException("WriteBatch.MaxItems", MaxItems, MaxItems + 1L, "items");
        }

        ItemList.Add(item);
        return this;
    }
}
