using System.Text;
using Larder.Comparisons.Inputs;

namespace Larder.Comparisons.Peers.Durable;

/// <summary>LMDB with a flush in every commit. It has one writer at a time, and its own lock lets the next one in.</summary>
internal sealed unsafe class LmdbOnDisk : DurablePeer
{
    private const uint MapSize = 2u << 30;
    private const uint OwnerOnly = 0x180;
    private const int NotFound = -30798;

    private readonly nint _environment;
    private readonly uint _database;

    public LmdbOnDisk(string directory)
        : base(LmdbPeer.Name)
    {
        Directory.CreateDirectory(directory);
        Lmdb.Check(Lmdb.mdb_env_create(out _environment));
        Lmdb.Check(Lmdb.mdb_env_set_mapsize(_environment, MapSize));
        fixed (byte* path = Encoding.UTF8.GetBytes(directory + "\0"))
        {
            Lmdb.Check(Lmdb.mdb_env_open(_environment, path, Lmdb.NoTls, OwnerOnly));
        }

        nint transaction = Begin(0);
        Lmdb.Check(Lmdb.mdb_dbi_open(transaction, null, 0, out _database));
        Lmdb.Check(Lmdb.mdb_txn_commit(transaction));
    }

    public override void Put(int thread, string key, byte[] value)
    {
        nint transaction = Begin(0);
        Put(transaction, key, value);
        Lmdb.Check(Lmdb.mdb_txn_commit(transaction));
    }

    public override void Load(string[] keys, byte[][] values)
    {
        nint transaction = Begin(0);
        for (int i = 0; i < keys.Length; i++)
        {
            Put(transaction, keys[i], values[i % values.Length]);
        }

        Lmdb.Check(Lmdb.mdb_txn_commit(transaction));
    }

    public override bool Get(string key, ref long sum)
    {
        ReadOnlySpan<byte> utf8 = Keys.Utf8(key, stackalloc byte[Keys.Room]);
        nint transaction = Begin(Lmdb.ReadOnly);
        fixed (byte* bytes = utf8)
        {
            var slice = new Lmdb.Slice { Length = (nuint)utf8.Length, Bytes = bytes };
            int status = Lmdb.mdb_get(transaction, _database, ref slice, out Lmdb.Slice value);
            if (status != NotFound)
            {
                Lmdb.Check(status);
                sum += value.Span.Length + value.Span[0];
            }

            Lmdb.mdb_txn_abort(transaction);
            return status != NotFound;
        }
    }

    public override void Dispose() => Lmdb.mdb_env_close(_environment);

    private nint Begin(uint flags)
    {
        Lmdb.Check(Lmdb.mdb_txn_begin(_environment, 0, flags, out nint transaction));
        return transaction;
    }

    private void Put(nint transaction, string key, byte[] value)
    {
        ReadOnlySpan<byte> utf8 = Keys.Utf8(key, stackalloc byte[Keys.Room]);
        fixed (byte* keyBytes = utf8, valueBytes = value)
        {
            var keySlice = new Lmdb.Slice { Length = (nuint)utf8.Length, Bytes = keyBytes };
            var valueSlice = new Lmdb.Slice { Length = (nuint)value.Length, Bytes = valueBytes };
            Lmdb.Check(Lmdb.mdb_put(transaction, _database, ref keySlice, ref valueSlice, 0));
        }
    }
}
