using Larder.Comparisons.Inputs;

namespace Larder.Comparisons.Peers.Durable;

/// <summary>RocksDB by its C interface, with its default options but without compression. Writers share one flush when it flushes.</summary>
internal sealed unsafe class RocksDbPeer : DurablePeer
{
    public const string Title = "RocksDB";

    private readonly nint _options = RocksDb.rocksdb_options_create();
    private readonly nint _reads = RocksDb.rocksdb_readoptions_create();
    private readonly nint _writes = RocksDb.rocksdb_writeoptions_create();
    private readonly nint _database;

    public RocksDbPeer(string directory, bool flushes)
        : base(Title)
    {
        Directory.CreateDirectory(directory);
        RocksDb.rocksdb_options_set_create_if_missing(_options, 1);
        RocksDb.rocksdb_options_set_compression(_options, RocksDb.NoCompression);
        RocksDb.rocksdb_writeoptions_set_sync(_writes, flushes ? (byte)1 : (byte)0);
        _database = RocksDb.rocksdb_open(_options, directory, out byte* error);
        RocksDb.Check(error);
    }

    public override void Put(int thread, string key, byte[] value)
    {
        ReadOnlySpan<byte> utf8 = Keys.Utf8(key, stackalloc byte[Keys.Room]);
        fixed (byte* keyBytes = utf8, valueBytes = value)
        {
            RocksDb.rocksdb_put(_database, _writes, keyBytes, (nuint)utf8.Length, valueBytes, (nuint)value.Length, out byte* error);
            RocksDb.Check(error);
        }
    }

    public override void Load(string[] keys, byte[][] values)
    {
        nint batch = RocksDb.rocksdb_writebatch_create();
        Span<byte> room = stackalloc byte[Keys.Room];
        for (int i = 0; i < keys.Length; i++)
        {
            ReadOnlySpan<byte> utf8 = Keys.Utf8(keys[i], room);
            byte[] value = values[i % values.Length];
            fixed (byte* keyBytes = utf8, valueBytes = value)
            {
                RocksDb.rocksdb_writebatch_put(batch, keyBytes, (nuint)utf8.Length, valueBytes, (nuint)value.Length);
            }

            if (i % Batch == Batch - 1 || i == keys.Length - 1)
            {
                RocksDb.rocksdb_write(_database, _writes, batch, out byte* error);
                RocksDb.Check(error);
                RocksDb.rocksdb_writebatch_clear(batch);
            }
        }

        RocksDb.rocksdb_writebatch_destroy(batch);
        FlushTables();
    }

    /// <summary>Writes out what is in memory, so that the log is no longer needed.</summary>
    public void FlushTables()
    {
        nint options = RocksDb.rocksdb_flushoptions_create();
        RocksDb.rocksdb_flush(_database, options, out byte* error);
        RocksDb.Check(error);
        RocksDb.rocksdb_flushoptions_destroy(options);
    }

    public override bool Get(string key, ref long sum)
    {
        ReadOnlySpan<byte> utf8 = Keys.Utf8(key, stackalloc byte[Keys.Room]);
        fixed (byte* keyBytes = utf8)
        {
            nint slice = RocksDb.rocksdb_get_pinned(_database, _reads, keyBytes, (nuint)utf8.Length, out byte* error);
            RocksDb.Check(error);
            if (slice == 0)
            {
                return false;
            }

            sum += *RocksDb.rocksdb_pinnableslice_value(slice, out nuint length) + (long)length;
            RocksDb.rocksdb_pinnableslice_destroy(slice);
            return true;
        }
    }

    public override void Dispose()
    {
        RocksDb.rocksdb_close(_database);
        RocksDb.rocksdb_writeoptions_destroy(_writes);
        RocksDb.rocksdb_readoptions_destroy(_reads);
        RocksDb.rocksdb_options_destroy(_options);
    }
}
