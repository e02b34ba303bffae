namespace Larder.Comparisons.Measuring;

/// <summary>A kind of work: its name in tables, the word that selects it on the command line, and the unit of its figures.</summary>
internal sealed record Work(string Name, string Selector, Unit Unit = Unit.Time)
{
    public static readonly Work Get = new("get", "get");
    public static readonly Work Missing = new("get of an absent key", "missing");
    public static readonly Work Set = new("set of a present key", "set");
    public static readonly Work Insert = new("insert into an empty store", "insert");
    public static readonly Work Increment = new("increment", "increment");
    public static readonly Work Mixed95 = new("mixed, 95 % get, 5 % set", "mixed");
    public static readonly Work Mixed50 = new("mixed, 50 % get, 50 % set", "mixed");
    public static readonly Work Scan = new("scan of 1,000", "scan");
    public static readonly Work WorstWait = new("writer during scans, longest wait", "wait");
    public static readonly Work RareWait = new("writer during scans, wait p99.9", "wait");
    public static readonly Work FirstEntry = new("first entry of a scan", "first");
    public static readonly Work ScanAfterWrites = new("scan of 1,000 right after 1,000 writes", "index");
    public static readonly Work PutIndexed = new("put with the ordered index in use", "index");
    public static readonly Work LockSync = new("keyed lock, uncontended", "lock");
    public static readonly Work LockAsync = new("keyed lock, uncontended, async", "lock");
    public static readonly Work Managed = new("managed heap", "bytes", Unit.BytesPerEntry);
    public static readonly Work ManagedScanned = new("managed heap, after a scan", "bytes", Unit.BytesPerEntry);
    public static readonly Work Resident = new("resident memory", "bytes", Unit.BytesPerEntry);
    public static readonly Work SessionGet = new("get of a session, 1,024 keys in each", "sessions");
    public static readonly Work SessionSet = new("set of a session, 1,024 keys in each", "sessions");
    public static readonly Work ExpiryMedian = new("get of a living session while all others expire, p50", "expiry");
    public static readonly Work ExpiryP99 = new("get of a living session while all others expire, p99", "expiry");
    public static readonly Work ExpiryP999 = new("get of a living session while all others expire, p99.9", "expiry");
    public static readonly Work ExpiryWorst = new("get of a living session while all others expire, longest", "expiry");

    public static readonly Work Flushed = new("flushed put", "flushed");
    public static readonly Work FlushedRare = new("flushed put, wait p99", "flushed");
    public static readonly Work FlushedAsync = new("flushed put, awaited", "flushed");
    public static readonly Work FlushedAsyncRare = new("flushed put, awaited, wait p99", "flushed");
    public static readonly Work Logged = new("logged put of a present key", "logged");
    public static readonly Work LoggedNew = new("logged put, every other key new", "logged");
    public static readonly Work ReopenClosed = new("reopening after a close, to the first get", "reopen");
    public static readonly Work ReopenCrashed = new("reopening after a crash, to the first get", "reopen");
    public static readonly Work DiskBatched = new("on disk, loaded in batches", "disk", Unit.BytesPerEntry);
    public static readonly Work DiskSingle = new("on disk, loaded one by one", "disk", Unit.BytesPerEntry);
    public static readonly Work Snapshot = new("snapshot", "snapshot");
    public static readonly Work SeedPut = new("logged put, beside the old designs", "seeds");

    public static readonly Work MlsSnapshot = new("groups: snapshot, 8 writes, rollback", "groups");

    /// <summary>The selectors of work that needs a disk.</summary>
    public static readonly string[] OnDisk = ["flushed", "logged", "reopen", "disk", "snapshot", "seeds"];

    /// <summary>The words that <c>--only</c> takes.</summary>
    public static readonly string[] Selectors =
        ["get", "missing", "set", "insert", "increment", "mixed", "scan", "wait", "first", "index", "lock", "bytes", "sessions", "expiry", "groups", "cache", "pauses", .. OnDisk];

    public static Work MlsSave(int otherGroups) => new($"groups: save of a new message, {Beside(otherGroups)}", "groups");

    public static Work MlsSaveFull(int otherGroups) => new($"groups: save of a new message into a full group, {Beside(otherGroups)}", "groups");

    public static Work MlsPage(int otherGroups) => new($"groups: page of the 50 newest, {Beside(otherGroups)}", "groups");

    public static Work MlsFind(int otherGroups) => new($"groups: message by id, {Beside(otherGroups)}", "groups");

    private static string Beside(int otherGroups) => otherGroups == 0 ? "no other groups" : $"{otherGroups} other groups";
}

/// <summary>What a figure counts; less is better in every one.</summary>
internal enum Unit
{
    /// <summary>Nanoseconds.</summary>
    Time,

    /// <summary>Bytes for each entry.</summary>
    BytesPerEntry,

    /// <summary>Of a hundred.</summary>
    Percent,
}
