namespace Larder.Tests.Model;

/// <summary>The options of the store under test that the model must know of.</summary>
internal sealed record Settings(int VersionsToKeep = 1, long? MaxEntries = null, long? MaxBytes = null, WhenFull WhenFull = WhenFull.Refuse)
{
    public int MaxKeyBytes => 20;

    public int MaxValueBytes => 100;

    public StoreOptions ToOptions(TimeProvider clock) => new()
    {
        VersionsToKeep = VersionsToKeep,
        MaxEntries = MaxEntries,
        MaxBytes = MaxBytes,
        WhenFull = WhenFull,
        MaxKeyBytes = MaxKeyBytes,
        MaxValueBytes = MaxValueBytes,
        TimeProvider = clock,
    };
}
