using System.Runtime.InteropServices;

namespace Larder.Comparisons.Peers;

/// <summary>The little of lmdb.h that scans and puts need, under its own names.</summary>
internal static unsafe partial class Lmdb
{
    public const string Library = "liblmdb.so.0";

    public const uint NoSync = 0x10000;
    public const uint ReadOnly = 0x20000;
    public const uint NoTls = 0x200000;
    public const int Next = 8;
    public const int SetRange = 17;

    [LibraryImport(Library)]
    public static partial int mdb_env_create(out nint environment);

    [LibraryImport(Library)]
    public static partial int mdb_env_set_mapsize(nint environment, nuint size);

    [LibraryImport(Library)]
    public static partial int mdb_env_open(nint environment, byte* path, uint flags, uint mode);

    [LibraryImport(Library)]
    public static partial void mdb_env_close(nint environment);

    [LibraryImport(Library)]
    public static partial int mdb_txn_begin(nint environment, nint parent, uint flags, out nint transaction);

    [LibraryImport(Library)]
    public static partial int mdb_txn_commit(nint transaction);

    [LibraryImport(Library)]
    public static partial void mdb_txn_abort(nint transaction);

    [LibraryImport(Library)]
    public static partial void mdb_txn_reset(nint transaction);

    [LibraryImport(Library)]
    public static partial int mdb_txn_renew(nint transaction);

    [LibraryImport(Library)]
    public static partial int mdb_dbi_open(nint transaction, byte* name, uint flags, out uint database);

    [LibraryImport(Library)]
    public static partial int mdb_put(nint transaction, uint database, ref Slice key, ref Slice value, uint flags);

    [LibraryImport(Library)]
    public static partial int mdb_get(nint transaction, uint database, ref Slice key, out Slice value);

    [LibraryImport(Library)]
    public static partial byte* mdb_version(out int major, out int minor, out int patch);

    [LibraryImport(Library)]
    public static partial int mdb_cursor_open(nint transaction, uint database, out nint cursor);

    [LibraryImport(Library)]
    public static partial int mdb_cursor_get(nint cursor, ref Slice key, ref Slice value, int operation);

    [LibraryImport(Library)]
    public static partial void mdb_cursor_close(nint cursor);

    public static void Check(int status)
    {
        if (status != 0)
        {
            throw new InvalidOperationException($"LMDB answered with error {status}");
        }
    }

    /// <summary>MDB_val.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Slice
    {
        public nuint Length;
        public byte* Bytes;

        public readonly ReadOnlySpan<byte> Span => new(Bytes, (int)Length);
    }
}
