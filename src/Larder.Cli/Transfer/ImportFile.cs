namespace Larder.Cli.Transfer;

/// <summary>A file of entries, read and checked to its end before a store sees any of it.</summary>
internal sealed class ImportFile
{
    private readonly Portions _portions = new();

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
    public void WriteTo(Store store, Action<long> progress) => _portions.WriteTo(store, progress);

    private void Add(ReadOnlyMemory<byte> bytes, int number, DateTimeOffset now)
    {
        if (bytes.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
        {
            return;
        }

        ImportedLine line = ImportedLine.Parse(number == 1 && bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
        _portions.Next(line.Value.Length, () => $"line {number}")
            .Set(line.Key, line.Value, line.ExpiresAt is { } moment ? Expiry.At(moment) : Expiry.None, line.Kind);
        Entries++;
        Expired += line.ExpiresAt <= now ? 1 : 0;
    }
}
