using Larder.NostrMls.Tests.Contract;
using Larder.Tests;
using Xunit;

namespace Larder.NostrMls.Tests.Model;

/// <summary>Does a store do what lists and dictionaries would? Small sizes, so that everything happens all the time.</summary>
public sealed class ModelTests
{
    private static readonly bool _isSlow = Environment.GetEnvironmentVariable("LARDER_SLOW") == "1";

    [Fact]
    public void A_store_in_memory_does_what_lists_would()
    {
        int operations = _isSlow ? 240_000 : 40_000;
        int walks = 8;
        int done = 0;
        int refused = 0;
        int transactions = 0;
        for (int seed = 1; seed <= walks; seed++)
        {
            MlsStoreOptions options = Small(seed);
            var walk = new Walk(seed, options, () => new NostrMlsStore(options));
            walk.Run(operations / walks);
            (done, refused, transactions) = (done + walk.Operations, refused + walk.Refusals, transactions + walk.Transactions);
        }

        Figures.Print($"Nostr MLS model: {done} operations in memory, {refused} refused, {transactions} transactions");
    }

    [Fact]
    public void A_store_in_a_directory_does_what_lists_would_and_finds_it_again()
    {
        int operations = _isSlow ? 20_000 : 1_500;
        using var directory = new TemporaryDirectory();
        MlsStoreOptions options = Small(1);
        options.EraseDeletedWithin = Timeout.InfiniteTimeSpan;
        options.EraseReplacedWithin = Timeout.InfiniteTimeSpan;
        var walk = new Walk(77, options, () => NostrMlsStore.Open(directory.Under("store"), DurableSubject.Key, options));
        walk.Run(operations, reopenEvery: 100);

        Figures.Print($"Nostr MLS model: {walk.Operations} operations in a directory, opened again every 100");
    }

    private static MlsStoreOptions Small(int seed) => new()
    {
        CacheSize = 3,
        MaxMessagesPerGroup = 4,
        MaxRelaysPerGroup = 3,
        MaxGroupNameLength = 10,
        MaxSnapshotsPerGroup = seed % 2 == 0 ? 2 : null,
        SnapshotTtl = seed % 3 == 0 ? TimeSpan.FromSeconds(6) : null,
        OverflowPolicy = seed % 4 == 3 ? OverflowPolicy.EvictActive : OverflowPolicy.RefuseWhenProtected,
        TimeProvider = new ManualTimeProvider(),
    };
}
