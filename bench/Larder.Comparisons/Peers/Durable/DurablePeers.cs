using System.Runtime.InteropServices;

namespace Larder.Comparisons.Peers.Durable;

/// <summary>Which of the peers that are no packages this machine has.</summary>
internal static class DurablePeers
{
    /// <summary>What to tell of each peer that is not there.</summary>
    public static IEnumerable<string> Absent()
    {
        if (!Sqlite.IsPresent)
        {
            yield return $"SQLite: peer absent, the system has no {Sqlite.Library} (Debian: libsqlite3-0).";
        }

        if (!RocksDb.IsPresent)
        {
            yield return $"RocksDB: peer absent, the system has no {RocksDb.Library} (Debian 12: librocksdb7.8).";
        }

        if (!LmdbPeer.IsPresent)
        {
            yield return $"LMDB: peer absent, the system has no {Lmdb.Library} (Debian: liblmdb0).";
        }

        if (RedisServer.Executable is null)
        {
            yield return "Redis: peer absent, the system has no redis-server (Debian: redis-server).";
        }
    }

    public static unsafe string Versions()
    {
        List<string> versions = [];
        if (Sqlite.IsPresent)
        {
            versions.Add($"SQLite {Marshal.PtrToStringUTF8((nint)Sqlite.sqlite3_libversion())}");
        }

        if (RocksDb.IsPresent)
        {
            versions.Add($"RocksDB {LoadedVersion("librocksdb.so.")}");
        }

        if (LmdbPeer.IsPresent)
        {
            _ = Lmdb.mdb_version(out int major, out int minor, out int patch);
            versions.Add($"LMDB {major}.{minor}.{patch}");
        }

        if (RedisServer.Executable is not null)
        {
            versions.Add($"Redis {RedisServer.Version()}");
        }

        return versions.Count == 0 ? "none" : string.Join(", ", versions);
    }

    /// <summary>RocksDB's C interface does not tell its version, but the name of the file that was loaded ends in it.</summary>
    private static string LoadedVersion(string library)
    {
        string? file = File.ReadLines("/proc/self/maps").FirstOrDefault(l => l.Contains(library, StringComparison.Ordinal));
        return file is null ? "" : file[(file.LastIndexOf(library, StringComparison.Ordinal) + library.Length)..];
    }
}
