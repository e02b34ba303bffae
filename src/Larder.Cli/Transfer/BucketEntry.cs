namespace Larder.Cli.Transfer;

/// <summary>One entry of a bucket file of cache_ro.</summary>
/// <param name="File">The name of the file.</param>
/// <param name="Key">The key, which may be empty.</param>
/// <param name="Value">The value as cache_ro encoded it.</param>
/// <param name="ValueAt">Where in the file the value stands.</param>
/// <param name="Deadline">When it expires; what lies beyond the calendar, at its end.</param>
internal sealed record BucketEntry(string File, string Key, ReadOnlyMemory<byte> Value, int ValueAt, DateTimeOffset Deadline)
{
    /// <summary>The lengths of an empty key and an empty value, and a deadline of one byte.</summary>
    private const int LeastBytes = 3;

    /// <summary>The entries of a file, in the order in which they stand there.</summary>
    /// <exception cref="FormatException">The file is no bucket; the message says where and why.</exception>
    public static List<BucketEntry> ReadAll(string file, ReadOnlyMemory<byte> content)
    {
        try
        {
            return Read(file, content);
        }
        catch (FormatException bad)
        {
            throw new FormatException($"{file} {bad.Message}", bad);
        }
    }

    private static List<BucketEntry> Read(string file, ReadOnlyMemory<byte> content)
    {
        var reader = new BucketReader(content.Span);
        int count = reader.Length("the number of entries", LeastBytes);
        var entries = new List<BucketEntry>(count);
        var keys = new HashSet<string>(count, StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            int at = reader.Offset;
            string key = reader.Text("a key");
            if (!keys.Add(key))
            {
                throw BucketReader.Bad(at, $"the key '{Commands.EntryText.Escape(key)}' is there twice");
            }

            int length = reader.Length("the length of a value");
            int valueAt = reader.Offset;
            reader.Raw(length, "a value");
            UInt128 milliseconds = reader.Unsigned("a deadline");
            entries.Add(new BucketEntry(file, key, content.Slice(valueAt, length), valueAt, MomentOf(milliseconds)));
        }

        reader.End("the last entry");
        return entries;
    }

    private static DateTimeOffset MomentOf(UInt128 unixMilliseconds) =>
        unixMilliseconds <= (UInt128)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)unixMilliseconds)
            : DateTimeOffset.MaxValue;
}
