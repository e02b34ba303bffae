namespace Larder.Cli.Transfer;

/// <summary>Entries that were read and checked, in portions that are written as one commit each.</summary>
internal sealed class Portions
{
    /// <summary>Entries a commit: many, so that it is fast, few enough that readers never notice.</summary>
    private const int MostItems = 4096;

    /// <summary>Bytes a commit, unless one entry alone has more: a commit is one record of the log.</summary>
    private const int MostBytes = 4 * 1024 * 1024;

    private readonly List<(string First, WriteBatch Batch)> _batches = [];
    private long _bytesInLast;

    /// <summary>The batch that the next entry belongs into.</summary>
    /// <param name="bytes">The bytes of its value.</param>
    /// <param name="place">Where it was found, for the message of a store that refuses it.</param>
    public WriteBatch Next(int bytes, Func<string> place)
    {
        if (_batches.Count == 0 || _batches[^1].Batch.Count == MostItems || _bytesInLast + bytes > MostBytes)
        {
            _batches.Add((place(), new WriteBatch()));
            _bytesInLast = 0;
        }

        _bytesInLast += bytes;
        return _batches[^1].Batch;
    }

    /// <summary>Writes them one after the other.</summary>
    /// <exception cref="InvalidOperationException">The store refused a portion; the message says which, and that the ones before it stay.</exception>
    public void WriteTo(Store store, Action<long> progress)
    {
        long written = 0;
        foreach ((string first, WriteBatch batch) in _batches)
        {
            try
            {
                store.Write(batch);
            }
            catch (Exception refused) when (refused is StoreLimitException or StoreFullException)
            {
                string kept = written == 0 ? "nothing was imported" : $"the {written:N0} entries before them are imported";
                throw new InvalidOperationException($"the store refused the entries from {first} on, and {kept}: {refused.Message}", refused);
            }

            written += batch.Count;
            progress(written);
        }
    }
}
