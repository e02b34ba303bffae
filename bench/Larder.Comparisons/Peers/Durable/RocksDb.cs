using System.Runtime.InteropServices;

namespace Larder.Comparisons.Peers.Durable;

/// <summary>The little of RocksDB's c.h that puts and gets need, under its own names.</summary>
internal static unsafe partial class RocksDb
{
    public const string Library = "librocksdb.so.7.8";

    public const int NoCompression = 0;

    public static bool IsPresent => NativeLibrary.TryLoad(Library, out _);

    [LibraryImport(Library)]
    public static partial nint rocksdb_options_create();

    [LibraryImport(Library)]
    public static partial void rocksdb_options_destroy(nint options);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_create_if_missing(nint options, byte value);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_compression(nint options, int kind);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint rocksdb_open(nint options, string path, out byte* error);

    [LibraryImport(Library)]
    public static partial void rocksdb_close(nint database);

    [LibraryImport(Library)]
    public static partial nint rocksdb_writeoptions_create();

    [LibraryImport(Library)]
    public static partial void rocksdb_writeoptions_set_sync(nint options, byte value);

    [LibraryImport(Library)]
    public static partial void rocksdb_writeoptions_destroy(nint options);

    [LibraryImport(Library)]
    public static partial nint rocksdb_readoptions_create();

    [LibraryImport(Library)]
    public static partial void rocksdb_readoptions_destroy(nint options);

    [LibraryImport(Library)]
    public static partial void rocksdb_put(
        nint database, nint options, byte* key, nuint keyLength, byte* value, nuint valueLength, out byte* error);

    [LibraryImport(Library)]
    public static partial nint rocksdb_writebatch_create();

    [LibraryImport(Library)]
    public static partial void rocksdb_writebatch_put(nint batch, byte* key, nuint keyLength, byte* value, nuint valueLength);

    [LibraryImport(Library)]
    public static partial void rocksdb_writebatch_clear(nint batch);

    [LibraryImport(Library)]
    public static partial void rocksdb_writebatch_destroy(nint batch);

    [LibraryImport(Library)]
    public static partial void rocksdb_write(nint database, nint options, nint batch, out byte* error);

    [LibraryImport(Library)]
    public static partial nint rocksdb_get_pinned(nint database, nint options, byte* key, nuint keyLength, out byte* error);

    [LibraryImport(Library)]
    public static partial byte* rocksdb_pinnableslice_value(nint slice, out nuint length);

    [LibraryImport(Library)]
    public static partial void rocksdb_pinnableslice_destroy(nint slice);

    [LibraryImport(Library)]
    public static partial nint rocksdb_flushoptions_create();

    [LibraryImport(Library)]
    public static partial void rocksdb_flushoptions_destroy(nint options);

    [LibraryImport(Library)]
    public static partial void rocksdb_flush(nint database, nint options, out byte* error);

    public static void Check(byte* error)
    {
        if (error is not null)
        {
            throw new InvalidOperationException($"RocksDB: {Marshal.PtrToStringUTF8((nint)error)}");
        }
    }
}
