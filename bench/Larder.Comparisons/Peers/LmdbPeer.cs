using System.Runtime.InteropServices;
using System.Text;

namespace Larder.Comparisons.Peers;

/// <summary>
/// LMDB, the peer of ordered scans: a memory-mapped tree in a file, without a flush. Only its reads are measured, one read
/// transaction a thread.
/// </summary>
internal readonly unsafe struct LmdbPeer : IPeer<LmdbPeer>
{
    private readonly nint _environment;
    private readonly uint _database;
    private readonly string _directory;
    private readonly nint[] _transactions;
    private readonly int _thread;

    private LmdbPeer(nint environment, uint database, string directory, nint[] transactions, int thread)
    {
        _environment = environment;
        _database = database;
        _directory = directory;
        _transactions = transactions;
        _thread = thread;
    }

    public static string Name => "LMDB";

    /// <summary>Whether the system has the library.</summary>
    public static bool IsPresent => NativeLibrary.TryLoad(Lmdb.Library, out _);

    public static LmdbPeer Create(int entries) => throw new NotSupportedException("LMDB is loaded at once");

    /// <summary>A new database with these entries, in a directory of its own that goes when the peer is disposed.</summary>
    public static Peer Load(string[] keys, byte[][] values)
    {
        string directory = Directory.CreateTempSubdirectory("larder-lmdb-").FullName;
        Lmdb.Check(Lmdb.mdb_env_create(out nint environment));
        Lmdb.Check(Lmdb.mdb_env_set_mapsize(environment, (nuint)4 << 30));
        fixed (byte* path = Encoding.UTF8.GetBytes(directory + "\0"))
        {
            Lmdb.Check(Lmdb.mdb_env_open(environment, path, Lmdb.NoSync | Lmdb.NoTls, 0x1A4));
        }

        Lmdb.Check(Lmdb.mdb_txn_begin(environment, 0, 0, out nint transaction));
        Lmdb.Check(Lmdb.mdb_dbi_open(transaction, null, 0, out uint database));
        foreach ((int index, string key) in keys.Index())
        {
            Put(transaction, database, Encoding.UTF8.GetBytes(key), values[index % values.Length]);
        }

        Lmdb.Check(Lmdb.mdb_txn_commit(transaction));
        var readers = new nint[2];
        for (int i = 0; i < readers.Length; i++)
        {
            Lmdb.Check(Lmdb.mdb_txn_begin(environment, 0, Lmdb.ReadOnly, out readers[i]));
            Lmdb.mdb_txn_reset(readers[i]);
        }

        return new Peer<LmdbPeer>(new LmdbPeer(environment, database, directory, readers, 0));
    }

    public LmdbPeer ForThread(int thread) => new(_environment, _database, _directory, _transactions, thread);

    public bool TryGet(string key, ref long sum) => throw new NotSupportedException();

    public void Set(string key, byte[] value) => throw new NotSupportedException();

    public int Scan(string prefix, ref long sum)
    {
        Span<byte> start = stackalloc byte[64];
        start = start[..Encoding.UTF8.GetBytes(prefix, start)];
        nint transaction = _transactions[_thread];
        Lmdb.Check(Lmdb.mdb_txn_renew(transaction));
        Lmdb.Check(Lmdb.mdb_cursor_open(transaction, _database, out nint cursor));
        int count = 0;
        fixed (byte* bytes = start)
        {
            var key = new Lmdb.Slice { Length = (nuint)start.Length, Bytes = bytes };
            var value = default(Lmdb.Slice);
            int status = Lmdb.mdb_cursor_get(cursor, ref key, ref value, Lmdb.SetRange);
            while (status == 0 && key.Span.StartsWith(start))
            {
                sum += value.Span.Length + value.Span[0];
                count++;
                status = Lmdb.mdb_cursor_get(cursor, ref key, ref value, Lmdb.Next);
            }
        }

        Lmdb.mdb_cursor_close(cursor);
        Lmdb.mdb_txn_reset(transaction);
        return count;
    }

    public void Dispose()
    {
        foreach (nint transaction in _transactions)
        {
            Lmdb.mdb_txn_abort(transaction);
        }

        Lmdb.mdb_env_close(_environment);
        Directory.Delete(_directory, recursive: true);
    }

    private static void Put(nint transaction, uint database, byte[] key, byte[] value)
    {
        fixed (byte* keyBytes = key, valueBytes = value)
        {
            var keySlice = new Lmdb.Slice { Length = (nuint)key.Length, Bytes = keyBytes };
            var valueSlice = new Lmdb.Slice { Length = (nuint)value.Length, Bytes = valueBytes };
            Lmdb.Check(Lmdb.mdb_put(transaction, database, ref keySlice, ref valueSlice, 0));
        }
    }
}
