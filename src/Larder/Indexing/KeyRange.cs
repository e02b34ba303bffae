namespace Larder.Indexing;

/// <summary>A range of keys: from <see cref="Low"/>, itself included or not, up to but not including <see cref="High"/>; null is the end of everything.</summary>
internal readonly record struct KeyRange(byte[] Low, bool AboveLow, byte[]? High)
{
    internal static KeyRange Under(byte[] prefix) => Of(prefix, null, reverse: false);

    internal bool Contains(ReadOnlySpan<byte> key)
    {
        int order = key.SequenceCompareTo(Low);
        return (order > 0 || (order == 0 && !AboveLow)) && (High is null || key.SequenceCompareTo(High) < 0);
    }

    /// <summary>The keys under a prefix that come after a given one, or before it when the way is from the last key to the first.</summary>
    internal static KeyRange Of(byte[] prefix, byte[]? after, bool reverse)
    {
        byte[]? end = Utf8.EndOf(prefix);
        if (after is null)
        {
            return new KeyRange(prefix, false, end);
        }

        if (reverse)
        {
            return new KeyRange(prefix, false, end is null || after.AsSpan().SequenceCompareTo(end) < 0 ? after : end);
        }

        bool beyond = after.AsSpan().SequenceCompareTo(prefix) >= 0;
        return new KeyRange(beyond ? after : prefix, beyond, end);
    }
}
