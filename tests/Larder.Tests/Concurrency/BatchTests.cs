using System.Globalization;
using Xunit;

namespace Larder.Tests.Concurrency;

/// <summary>A batch is seen whole or not at all. Every batch gives all keys the same stamp; a reader looks for stamps that differ.</summary>
[Collection(nameof(Concurrency))]
public sealed class BatchTests
{
    private const int Writers = 3;
    private const int Readers = 3;
    private const int BatchesEach = 6_000;
    private static readonly string[] _keys = [.. Enumerable.Range(0, 8).Select(key => string.Create(CultureInfo.InvariantCulture, $"batch:{key}"))];

    [Fact]
    public void Readers_never_see_half_a_batch()
    {
        using var store = new Store();

        string? tear = FirstTear(store);

        Assert.Null(tear);
        store.VerifyIntegrity();
        Assert.Equal(Writers * BatchesEach, store.Statistics.LastSequence);
    }

    [Fact]
    public void A_store_that_tears_batches_is_found()
    {
        using var store = new Store();

        Assert.NotNull(FirstTear(new TearsBatches(store)));
    }

    private static string? FirstTear(IStore store)
    {
        string? tear = null;
        Together.Run(
            Writers,
            writer =>
            {
                for (int i = 0; i < BatchesEach && tear is null; i++)
                {
                    byte[] stamp = BitConverter.GetBytes(((long)writer << 32) | (uint)i);
                    var batch = new WriteBatch();
                    foreach (string key in _keys)
                    {
                        batch.Set(key, stamp);
                    }

                    store.Write(batch);
                }
            },
            Readers,
            reader => tear = (reader == 0 ? Scan(store) : OneAfterTheOther(store)) ?? tear);
        return tear;
    }

    /// <summary>What is read later may be newer, and is never older.</summary>
    private static string? OneAfterTheOther(IStore store)
    {
        int first = Perturbation.Next(_keys.Length);
        int second = Perturbation.Next(_keys.Length);
        if (!store.TryGet(_keys[first], out Entry earlier))
        {
            return null;
        }

        bool found = store.TryGet(_keys[second], out Entry later);
        return found && later.Version >= earlier.Version
            ? null
            : $"'{earlier.Key}' was at version {earlier.Version}, then '{_keys[second]}' at {later.Version}";
    }

    private static string? Scan(IStore store)
    {
        Entry[] entries = [.. store.Scan("batch:", reverse: Perturbation.Next(2) == 0)];
        bool whole = entries.Length is 0 || (entries.Length == _keys.Length && entries.All(entry => entry.Value.Span.SequenceEqual(entries[0].Value.Span)));
        return whole ? null : $"a scan saw versions {string.Join(", ", entries.Select(entry => entry.Version))}";
    }
}
