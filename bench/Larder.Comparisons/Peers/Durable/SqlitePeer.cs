using Larder.Comparisons.Inputs;

namespace Larder.Comparisons.Peers.Durable;

/// <summary>
/// SQLite with a write-ahead log and prepared statements, without a wrapper in between. FULL flushes in every put, NORMAL only at its
/// checkpoints. One connection behind a lock: SQLite has one writer at a time, and a lock hands over faster than its busy handler.
/// </summary>
internal sealed unsafe class SqlitePeer : DurablePeer
{
    public const string Full = "SQLite FULL";
    public const string Normal = "SQLite NORMAL";

    private readonly Lock _gate = new();
    private readonly nint _database;
    private readonly nint _put;
    private readonly nint _get;

    public SqlitePeer(string directory, bool flushes)
        : base(flushes ? Full : Normal)
    {
        Directory.CreateDirectory(directory);
        int flags = Sqlite.OpenReadWrite | Sqlite.OpenCreate | Sqlite.OpenNoMutex;
        Sqlite.Check(Sqlite.sqlite3_open_v2(Path.Combine(directory, "entries.db"), out _database, flags, 0));
        Run("PRAGMA journal_mode = WAL");
        Run(flushes ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        Run("PRAGMA cache_size = -262144");
        Run("CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID");
        _put = Prepared("INSERT INTO entries (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
        _get = Prepared("SELECT value FROM entries WHERE key = ?");
    }

    public override void Put(int thread, string key, byte[] value)
    {
        ReadOnlySpan<byte> utf8 = Keys.Utf8(key, stackalloc byte[Keys.Room]);
        fixed (byte* keyBytes = utf8, valueBytes = value)
        {
            lock (_gate)
            {
                Sqlite.Check(Sqlite.sqlite3_bind_blob(_put, 1, keyBytes, utf8.Length, 0));
                Sqlite.Check(Sqlite.sqlite3_bind_blob(_put, 2, valueBytes, value.Length, 0));
                Sqlite.Check(Sqlite.sqlite3_step(_put), Sqlite.Done);
                Sqlite.Check(Sqlite.sqlite3_reset(_put));
            }
        }
    }

    public override void Load(string[] keys, byte[][] values)
    {
        Run("BEGIN");
        base.Load(keys, values);
        Run("COMMIT");
        Run("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public override bool Get(string key, ref long sum)
    {
        ReadOnlySpan<byte> utf8 = Keys.Utf8(key, stackalloc byte[Keys.Room]);
        fixed (byte* keyBytes = utf8)
        {
            lock (_gate)
            {
                Sqlite.Check(Sqlite.sqlite3_bind_blob(_get, 1, keyBytes, utf8.Length, 0));
                bool isFound = Sqlite.sqlite3_step(_get) == Sqlite.Row;
                if (isFound)
                {
                    sum += Sqlite.sqlite3_column_bytes(_get, 0) + *Sqlite.sqlite3_column_blob(_get, 0);
                }

                Sqlite.Check(Sqlite.sqlite3_reset(_get));
                return isFound;
            }
        }
    }

    public override void Dispose()
    {
        Sqlite.Check(Sqlite.sqlite3_finalize(_put));
        Sqlite.Check(Sqlite.sqlite3_finalize(_get));
        Sqlite.Check(Sqlite.sqlite3_close_v2(_database));
    }

    private void Run(string sql) => Sqlite.Check(Sqlite.sqlite3_exec(_database, sql, 0, 0, 0));

    private nint Prepared(string sql)
    {
        Sqlite.Check(Sqlite.sqlite3_prepare_v2(_database, sql, -1, out nint statement, 0));
        return statement;
    }
}
