using System.Security.Cryptography;
using Larder.NostrMls.Codec;
using Larder.NostrMls.State;

namespace Larder.NostrMls.Durability;

/// <summary>
/// Keeps the records of a state in a <see cref="Store"/>: one operation is one batch, so one record of its log, and acknowledged before the operation takes effect. An operation that changes more than a
/// batch takes, or nearly everything, writes all records anew under the next generation, and then the head that names it: before that the old ones count, after it the new ones.
/// </summary>
internal sealed class StoreJournal : IJournal
{
    private const byte Version = 1;
    private const int MostWrites = WriteBatch.MaxItems - 8;
    private const int ChunkBytes = 4 * 1024 * 1024;

    private readonly Store _store;
    private readonly Sealing _sealing;
    private readonly Records _records;
    private readonly Erasure _erasure;
    private long _generation;

    private StoreJournal(Store store, Sealing sealing, MlsStoreOptions options)
    {
        _store = store;
        _sealing = sealing;
        _records = new Records(sealing);
        _erasure = new Erasure(store, options);
    }

    internal Store Store => _store;

    internal static StoreJournal Open(string path, ReadOnlySpan<byte> key, MlsStoreOptions options, UseClock clock, out StoreState state)
    {
        if (key.Length != Sealing.KeySize)
        {
            throw new ArgumentException($"the key has {Sealing.KeySize} bytes, but {key.Length} were given.", nameof(key));
        }

        byte[] fileKey = Sealing.Derive(key, "larder nostr-mls files");
        try
        {
            return Open(Guarded(() => Store.Open(path, StoreOptions(options, fileKey))), key, options, clock, out state);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }
    }

    /// <summary>Over a store that is open, and is closed with the journal; for tests that look into files without encryption.</summary>
    internal static StoreJournal Open(Store store, ReadOnlySpan<byte> key, MlsStoreOptions options, UseClock clock, out StoreState state)
    {
        var journal = new StoreJournal(store, new Sealing(key), options);
        try
        {
            state = Guarded(() => journal.Load(options, clock));
            return journal;
        }
        catch
        {
            journal._sealing.Dispose();
            store.Dispose();
            throw;
        }
    }

    internal static StoreOptions StoreOptions(MlsStoreOptions options, byte[]? fileKey) => new()
    {
        EncryptionKey = fileKey,
        Durability = DurabilityMode.Commit,
        VersionsToKeep = 1,
        MaxValueBytes = 1024 * 1024 * 1024,
        TimeProvider = options.TimeProvider,
    };

    public void Commit(Draft draft)
    {
        if (draft.RewritesAll || draft.Writes.Count > MostWrites)
        {
            Guarded(() => Rewrite(draft.State));
            return;
        }

        if (draft.Writes.Count == 0)
        {
            return;
        }

        var batch = new WriteBatch();
        foreach ((RecordKey key, object? record) in draft.Writes)
        {
            string name = RecordNames.Of(_generation, key);
            _ = record is null ? batch.Remove(name) : batch.Set(name, _records.ValueOf(name, record));
        }

        if (draft.Deletes || draft.Replaces)
        {
            Erasure.Announce(batch);
        }

        Guarded(() => _store.Write(batch));
    }

    public void SecretsEnded(bool deletes, bool replaces) => Guarded(() => _erasure.Note(deletes, replaces));

    public void Erase() => Guarded(_erasure.Now);

    public void Dispose()
    {
        try
        {
            Guarded(_erasure.Dispose);
        }
        finally
        {
            _sealing.Dispose();
            Guarded(_store.Dispose);
        }
    }

    private StoreState Load(MlsStoreOptions options, UseClock clock)
    {
        if (!_store.TryGet(RecordNames.Head, out Entry head))
        {
            if (_store.Count() > 0)
            {
                throw RecordReader.Broken();
            }

            _generation = 1;
            _store.Set(RecordNames.Head, HeadOf(_generation));
            return new StoreState();
        }

        _generation = GenerationIn(head.Value.Span);
        string prefix = RecordNames.Prefix(_generation);
        var loading = new Loading(options, clock);
        foreach (Entry entry in _store.Scan(prefix))
        {
            loading.Add(RecordNames.Parse(entry.Key.AsSpan(prefix.Length)), entry.Key, entry.Value.Span, _records);
        }

        RemoveOthers();
        _erasure.Resume();
        return loading.State();
    }

    private void Rewrite(StoreState state)
    {
        long next = _generation + 1;
        _store.RemovePrefix(RecordNames.Prefix(next));   // what an earlier attempt left that failed
        var batch = new WriteBatch();
        long bytes = 0;
        foreach ((RecordKey key, object record) in AllRecords.Of(state))
        {
            string name = RecordNames.Of(next, key);
            byte[] value = _records.ValueOf(name, record);
            batch.Set(name, value);
            bytes += value.Length;
            if (batch.Count == MostWrites || bytes >= ChunkBytes)
            {
                _store.Write(batch);
                batch = new WriteBatch();
                bytes = 0;
            }
        }

        Erasure.Announce(batch);
        _store.Write(batch.Set(RecordNames.Head, HeadOf(next)));
        _generation = next;
        _erasure.Note(deletes: false, replaces: true);
        RemoveOthers();
    }

    /// <summary>Removes the records of every generation that does not count.</summary>
    private void RemoveOthers()
    {
        string present = RecordNames.Prefix(_generation);
        while (FirstOther(present) is { } other)
        {
            _store.RemovePrefix(other);
        }
    }

    private string? FirstOther(string present)
    {
        string first = RecordNames.Prefix(0);
        Entry? before = _store.Scan(after: first, limit: 1).Cast<Entry?>().FirstOrDefault();
        string? prefix = PrefixOf(before);
        if (prefix == present)
        {
            prefix = PrefixOf(_store.Scan(after: present + "\U0010ffff", limit: 1).Cast<Entry?>().FirstOrDefault());
        }

        return prefix;
    }

    private static string? PrefixOf(Entry? entry) => entry is { } found && found.Key.IndexOf('/', StringComparison.Ordinal) is > 0 and int end ? found.Key[..(end + 1)] : null;

    private static byte[] HeadOf(long generation)
    {
        var head = new byte[1 + sizeof(long)];
        head[0] = Version;
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(1), generation);
        return head;
    }

    private static long GenerationIn(ReadOnlySpan<byte> head) =>
        head.Length == 1 + sizeof(long) && head[0] == Version
            ? System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(head[1..])
            : throw new MlsStoreException(MlsStoreErrorKind.Deserialization, "the records in this directory are of another version");

    private static void Guarded(Action action) => Guarded(() =>
    {
        action();
        return true;
    });

    /// <summary>What goes wrong below is said in the words of this store.</summary>
    private static T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or StoreLimitException or InvalidOperationException and not ObjectDisposedException)
        {
            throw new MlsStoreException(MlsStoreErrorKind.Backend, "the store below has failed, see the inner exception", error);
        }
    }
}
