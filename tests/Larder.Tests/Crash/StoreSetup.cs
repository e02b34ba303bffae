using Larder.Durability;

namespace Larder.Tests.Crash;

/// <summary>How the store of a run is opened: on little files, so that they rotate soon, and without a thread, so that every run is the same.</summary>
internal sealed record StoreSetup
{
    private static readonly byte[] _someKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public DurabilityMode Durability { get; init; } = DurabilityMode.Commit;

    public long SegmentBytes { get; init; } = 1024;

    public long AllocateBytes { get; init; } = 512;

    public int MarginBytes { get; init; } = 256;

    public int VersionsToKeep { get; init; } = 1;

    public long? MaxEntries { get; init; }

    public bool IsEncrypted { get; init; }

    public Store Open(IFiles files, TimeProvider clock, bool readOnly = false) => Store.Open(
        new StoreOptions
        {
            Path = files.Path,
            ReadOnly = readOnly,
            Durability = Durability,
            VersionsToKeep = VersionsToKeep,
            MaxEntries = MaxEntries,
            WhenFull = WhenFull.Evict,
            EncryptionKey = Key,
            TimeProvider = clock,
        },
        files,
        new LogTuning
        {
            HasThread = false,
            SegmentBytes = SegmentBytes,
            AllocateBytes = AllocateBytes,
            MarginBytes = MarginBytes,
            DrainBytes = 1024,
            PendingBytes = 4096,
        });

    public byte[]? Key => IsEncrypted ? _someKey : null;

    /// <summary>The same with files of other sizes.</summary>
    public StoreSetup Vary(Random random) => this with
    {
        SegmentBytes = SegmentBytes << random.Next(0, 3),
        AllocateBytes = AllocateBytes << (random.Next(0, 3) * 2),
        MarginBytes = random.Next(2) == 0 ? 256 : 1024,
    };

    /// <summary>Whether a write is acknowledged when its call returns.</summary>
    public bool AcknowledgesWrites => Durability == DurabilityMode.Commit;

    /// <summary>All that readers find, with the history if one is kept.</summary>
    public Content Read(Store store) => Content.Of(store, withHistory: VersionsToKeep > 1);
}
