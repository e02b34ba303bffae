using Larder.Durability;

namespace Larder.Tests.Child;

/// <summary>Opens stores whose segments and checkpoints are so small that they follow each other all the time.</summary>
internal static class TinyStore
{
    private static readonly LogTuning _tuning = new()
    {
        SegmentBytes = 24 * 1024,
        AllocateBytes = 4 * 1024,
        CheckpointAfterBytes = 48 * 1024,
        PendingBytes = 64 * 1024,
        DrainBytes = 8 * 1024,
        MarginBytes = 2 * 1024,
    };

    public static Store Open(StoreOptions options) => Store.Open(options, DiskFiles.At(options.Path!, creates: !options.ReadOnly), _tuning);
}
