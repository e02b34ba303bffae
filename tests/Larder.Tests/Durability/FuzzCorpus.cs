using System.Security.Cryptography;
using System.Text;
using Larder.Durability;

namespace Larder.Tests.Durability;

/// <summary>A small store as it lies on disk, and every state that it went through.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Files">Its files.</param>
/// <param name="States">A digest of the state after each commit.</param>
/// <param name="Options">How to open it.</param>
internal sealed record FuzzCorpus(string Name, Dictionary<string, byte[]> Files, Dictionary<long, string> States, StoreOptions Options)
{
    /// <summary>Sizes at which a handful of commits makes several segments.</summary>
    public static readonly LogTuning Tuning = new()
    {
        SegmentBytes = 700,
        AllocateBytes = 256,
        CheckpointAfterBytes = 2000,
        PendingBytes = 4096,
        DrainBytes = 1024,
        MarginBytes = 1024,
        HasThread = false,
    };

    public static FuzzCorpus[] All()
    {
        byte[] key = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];
        return
        [
            Make("closed", steps: 25, compactAt: [], closes: true),
            Make("crashed", steps: 25, compactAt: [], closes: false),
            Make("one segment", steps: 4, compactAt: [], closes: true),
            Make("with a checkpoint", steps: 25, compactAt: [12], closes: true),
            Make("with two checkpoints, crashed", steps: 30, compactAt: [9, 20], closes: false),
            Make("encrypted", steps: 20, compactAt: [10], closes: true, key: key),
            Make("images only", steps: 20, compactAt: [10], closes: true, mode: DurabilityMode.Snapshot),
            Make("empty", steps: 0, compactAt: [], closes: true),
        ];
    }

    /// <summary>What a store holds, in short.</summary>
    public static string Digest(Store store)
    {
        var text = new StringBuilder();
        foreach (Entry entry in store.Scan().SelectMany(entry => store.History(entry.Key)))
        {
            text.Append($"{entry.Key} {entry.Version} {entry.Kind} {entry.ExpiresAt?.UtcTicks} {Convert.ToHexString(entry.Value.Span)}\n");
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static FuzzCorpus Make(string name, int steps, int[] compactAt, bool closes, byte[]? key = null, DurabilityMode mode = DurabilityMode.Commit)
    {
        var options = new StoreOptions { Path = "bytes", VersionsToKeep = 3, Durability = mode, EncryptionKey = key, TimeProvider = new ManualTimeProvider() };
        var files = new ByteFiles();
        Dictionary<long, string> states = [];
        Store store = Store.Open(options, files, Tuning);
        states[0] = Digest(store);
        for (int step = 0; step < steps; step++)
        {
            Step(store, step);
            states[store.Statistics.LastSequence] = Digest(store);
            if (compactAt.Contains(step))
            {
                store.Compact();
            }
        }

        if (mode == DurabilityMode.Snapshot)
        {
            store.Flush();
        }

        Dictionary<string, byte[]> left = files.Snapshot();
        store.Dispose();
        return new FuzzCorpus(name, closes ? files.Snapshot() : left, states, options);
    }

    private static void Step(Store store, int step)
    {
        byte[] value = [.. Enumerable.Repeat((byte)('a' + (step % 26)), step * 7 % 60)];
        switch (step % 8)
        {
            case 0 or 4:
                store.Set($"key{step % 3}", value);
                break;
            case 1:
                store.Set("timed", value, new DateTimeOffset(2100, 1, 1, 0, 0, step, TimeSpan.Zero));
                break;
            case 2:
                store.Increment("counter", step);
                break;
            case 3:
                store.Write(new WriteBatch().Set("a", value).Increment("counter").Remove($"key{step % 3}").Set("b", value));
                break;
            case 5:
                store.Touch("timed", new DateTimeOffset(2101, 1, 1, 0, 0, step, TimeSpan.Zero));
                break;
            case 6:
                store.Set("text", "Grüße");
                break;
            default:
                if (step == 15)
                {
                    store.Clear();
                }
                else
                {
                    store.Remove($"key{step % 2}");
                }

                break;
        }
    }
}
