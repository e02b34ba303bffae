namespace Larder.NostrMls.State;

/// <summary>
/// Messages in one order, immutable, and made for what comes nearly in order: the greatest are in an array of their own, behind which a newer version writes its message without copying
/// anything, because an older one looks no further than its count. Half of a full array moves into the tree at once, so that a message costs a part of a leaf.
/// </summary>
/// <remarks>Whoever fills a free slot first has it; a version that comes from the same one, as after a draft that was given up, finds it taken and copies the array.</remarks>
internal sealed class MessageOrder<TKey, TOrder>
    where TKey : IComparable<TKey>
    where TOrder : struct, IOrder<Message, TKey>
{
    internal static readonly MessageOrder<TKey, TOrder> Empty = new(OrderedTree<Message, TKey, TOrder>.Empty, [], 0);

    private const int Most = 32;    // in the array: two leaves of the tree

    private readonly OrderedTree<Message, TKey, TOrder> _lower;
    private readonly Message?[] _upper;
    private readonly int _count;    // of the array

    private MessageOrder(OrderedTree<Message, TKey, TOrder> lower, Message?[] upper, int count)
    {
        _lower = lower;
        _upper = upper;
        _count = count;
    }

    internal Message? Least => _lower.Least ?? (_count == 0 ? null : _upper[0]);

    internal Message? Greatest => _count == 0 ? _lower.Greatest : _upper[_count - 1];

    private ReadOnlySpan<Message> Upper => _upper.AsSpan(0, _count)!;

    /// <summary>Adds a message, in place of one with the same key.</summary>
    internal MessageOrder<TKey, TOrder> Set(Message message)
    {
        TKey key = TOrder.KeyOf(message);
        if (Greatest is not { } greatest || key.CompareTo(TOrder.KeyOf(greatest)) > 0)
        {
            return Appended(message);
        }

        if (!IsInUpper(key))
        {
            return new(_lower.Set(message), _upper, _count);
        }

        int at = Place(key, out bool isThere);
        if (isThere)
        {
            Message[] replaced = Upper.ToArray();
            replaced[at] = message;
            return new(_lower, replaced, _count);
        }

        if (_count == Most)
        {
            return Halved().Set(message);
        }

        Message?[] upper = Grown();
        Upper[at..].CopyTo(upper.AsSpan(at + 1)!);
        upper[at] = message;
        return new(_lower, upper, _count + 1);
    }

    /// <summary>Without the message of this key, which must be there.</summary>
    internal MessageOrder<TKey, TOrder> Remove(TKey key)
    {
        if (!IsInUpper(key))
        {
            return new(_lower.Remove(key), _upper, _count);
        }

        int at = Place(key, out _);
        return new(_lower, [.. Upper[..at], .. Upper[(at + 1)..]], _count - 1);
    }

    /// <summary>So many messages from the greatest down, after leaving out some.</summary>
    internal List<Message> Page(int offset, int limit)
    {
        if (offset >= _count)
        {
            return _lower.Page(offset - _count, limit);
        }

        int fromUpper = Math.Min(limit, _count - offset);
        List<Message> page = [.. Upper.Slice(_count - offset - fromUpper, fromUpper)];
        page.Reverse();
        if (fromUpper < limit)
        {
            page.AddRange(_lower.Page(0, limit - fromUpper));
        }

        return page;
    }

    internal IEnumerable<Message> Ascending() => _lower.Ascending().Concat(_upper.Take(_count))!;

    internal IEnumerable<Message> Descending() => _upper.Take(_count).Reverse().Concat(_lower.Descending())!;

    private MessageOrder<TKey, TOrder> Appended(Message message)
    {
        if (_count == Most)
        {
            return Halved().Appended(message);
        }

        Message?[] upper = _upper;
        if (_count == upper.Length || Interlocked.CompareExchange(ref upper[_count], message, null) is not null)
        {
            upper = Grown();
            upper[_count] = message;
        }

        return new(_lower, upper, _count + 1);
    }

    /// <summary>The same messages, half of the array in the tree.</summary>
    private MessageOrder<TKey, TOrder> Halved()
    {
        var upper = new Message?[Most];
        Upper[(Most / 2)..].CopyTo(upper!);
        return new(_lower.Append(Upper[..(Most / 2)].ToArray()), upper, Most / 2);
    }

    /// <summary>A copy of the array with room for another.</summary>
    private Message?[] Grown()
    {
        var upper = new Message?[_count < Most / 2 ? Math.Max(4, 2 * _count) : Most];
        Upper.CopyTo(upper!);
        return upper;
    }

    private bool IsInUpper(TKey key) => _count > 0 && key.CompareTo(TOrder.KeyOf(_upper[0]!)) >= 0;

    /// <summary>The first place in the array whose message is not below the key.</summary>
    private int Place(TKey key, out bool isThere)
    {
        int at = _count;
        while (at > 0 && TOrder.KeyOf(_upper[at - 1]!).CompareTo(key) >= 0)
        {
            at--;    // what is looked for is nearly always among the last
        }

        isThere = at < _count && TOrder.KeyOf(_upper[at]!).CompareTo(key) == 0;
        return at;
    }
}
