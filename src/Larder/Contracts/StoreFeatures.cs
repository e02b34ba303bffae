namespace Larder;

/// <summary>
/// What a store promises beyond the mandatory contract. A member whose feature is not declared throws
/// <see cref="NotSupportedException"/>; memory and durable stores declare everything.
/// </summary>
[Flags]
public enum StoreFeatures
{
    /// <summary>The mandatory contract only.</summary>
    None = 0,

    /// <summary><see cref="IStore.Scan"/> yields keys in UTF-8 byte order.</summary>
    OrderedScan = 1,

    /// <summary><see cref="IStore.Scan"/> sees one point in time.</summary>
    SnapshotScan = 2,

    /// <summary><see cref="IStore.History(string)"/> returns earlier versions.</summary>
    History = 4,

    /// <summary><see cref="IStore.Watch"/> streams changes in commit order.</summary>
    Watch = 8,

    /// <summary><see cref="IStore.Write"/> takes batches that touch more than one key.</summary>
    CrossKeyBatch = 16,

    /// <summary>Versions are never reused, not even after a key was removed and set again.</summary>
    UniqueVersions = 32,

    /// <summary><see cref="IStore.Flush"/> brings everything acknowledged so far to stable storage.</summary>
    Flush = 64,

    /// <summary>Every feature.</summary>
    All = OrderedScan | SnapshotScan | History | Watch | CrossKeyBatch | UniqueVersions | Flush,
}
