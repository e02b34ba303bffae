namespace Larder.Cli.Transfer;

/// <summary>A file of entries, read and checked to its end before a store sees any of it.</summary>
internal sealed class ImportFile
{
    /// <summary>Entries a commit: many, so that it is fast, few enough that readers never notice.</summary>
    private const int BatchItems = 4096;

    /// <summary>Bytes a commit, unless one entry alone has more: a commit is one record of the log.</summary>
    private const int BatchBytes = 4 * 1024 * 1024;

    private readonly List<(int FirstLine, WriteBatch Batch)> _batches = [];
    private long _bytesInLast;

    private ImportFile()
    {
    }

    /// <summary>How many entries the file holds.</summary>
    public long Entries { get; private set; }

    /// <summary>How many of them had expired when the file was read; they remove what is there, as a set in the past does.</summary>
    public long Expired { get; private set; }

    /// <summary>Reads the whole file.</summary>
    /// <exception cref="FormatException">A line is bad; the message begins with its number.</exception>
    public static ImportFile Read(Stream stream, DateTimeOffset now, Action<long> progress)
    {
        var file = new ImportFile();
        var reader = new LineReader(stream);
        int number = 1;
        try
        {
            for (; reader.Next() is { } line; number++)
            {
                file.Add(line, number, now);
                progress(reader.BytesRead);
            }
        }
        catch (Exception bad) when (bad is FormatException or InvalidDataException)
        {
            throw new FormatException($"line {number} is bad: {bad.Message}", bad);
        }

        return file;
    }

    /// <summary>Writes the entries, some thousands at a time, each portion as one commit.</summary>
    /// <exception cref="InvalidOperationException">The store refused a portion; the message says which, and that the ones before it stay.</exception>
    public void WriteTo(Store store, Action<long> progress)
    {
        long written = 0;
        foreach ((int firstLine, WriteBatch batch) in _batches)
        {
            try
            {
                store.Write(batch);
            }
            catch (Exception refused) when (refused is StoreLimitException or StoreFullException)
            {
                string kept = written == 0 ? "nothing was imported" : $"the {written:N0} entries before them are imported";
                throw new InvalidOperationException($"the store refused the entries from line {firstLine} on, and {kept}: {refused.Message}", refused);
            }

            written += batch.Count;
            progress(written);
        }
    }

    private void Add(ReadOnlyMemory<byte> bytes, int number, DateTimeOffset now)
    {
        if (bytes.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
        {
            return;
        }

        ImportedLine line = ImportedLine.Parse(number == 1 && bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
        if (_batches.Count == 0 || _batches[^1].Batch.Count == BatchItems || _bytesInLast + line.Value.Length > BatchBytes)
        {
            _batches.Add((number, new WriteBatch()));
            _bytesInLast = 0;
        }

        _bytesInLast += line.Value.Length;
        _batches[^1].Batch.Set(line.Key, line.Value, line.ExpiresAt is { } moment ? Expiry.At(moment) : Expiry.None, line.Kind);
        Entries++;
        Expired += line.ExpiresAt <= now ? 1 : 0;
    }
}
