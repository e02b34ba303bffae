namespace Larder.Comparisons.Peers;

/// <summary>Who can be measured. Larder comes first: all others are what it is compared with.</summary>
internal sealed record PeerKind(string Name, bool Counts, bool Scans, bool HoldsValues, Func<int, Peer> Create)
{
    public static readonly PeerKind Larder = Of<LarderPeer>(counts: true, scans: true);
    public static readonly PeerKind ConcurrentDictionary = Of<ConcurrentDictionaryPeer>(counts: true);
    public static readonly PeerKind MemoryCache = Of<MemoryCachePeer>();
    public static readonly PeerKind LockedDictionary = Of<LockedDictionaryPeer>(counts: true, scans: true);
    public static readonly PeerKind Faster = Of<FasterPeer>(counts: true);
    public static readonly PeerKind Interlocked = Of<InterlockedPeer>(counts: true, holdsValues: false);

    /// <summary>All of them.</summary>
    public static readonly PeerKind[] Everybody = [Larder, ConcurrentDictionary, MemoryCache, LockedDictionary, Faster, Interlocked];

    /// <summary>Those the gates are judged against.</summary>
    public static readonly PeerKind[] Judged = [Larder, LockedDictionary];

    private static PeerKind Of<T>(bool counts = false, bool scans = false, bool holdsValues = true)
        where T : struct, IPeer<T> =>
        new(T.Name, counts, scans, holdsValues, static entries => new Peer<T>(T.Create(entries)));
}
