using System.Diagnostics;
using Larder.Durability;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>
/// Very many damaged and forged directories are opened. Damage must be refused, or what opens is the state after some prefix of the
/// commits; a forgery may be anything, but neither may make the library do what it must not: throw what is not its own to throw,
/// take memory that the files do not account for, or not come back.
/// </summary>
public sealed class FileFuzzTests
{
    private const int LongestOpening = 60;
    private const int Buffers = 512 * 1024;
    private const int ReadOnlyTries = 20;

    [Fact]
    public void Damaged_and_forged_files_are_refused_or_make_sense()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("LARDER_SEED"), out int given) ? given : Random.Shared.Next();
        TimeSpan length = RealFiles.IsSlow ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(10);
        FuzzCorpus[] corpus = FuzzCorpus.All();
        long[] usual = [.. corpus.Select(store => AllocatedBy(store))];
        var figures = new Figure();
        Exception? failure = null;
        long started = Stopwatch.GetTimestamp();
        var fuzzer = new Thread(() =>
        {
            for (int round = seed; failure is null && Stopwatch.GetElapsedTime(started) < length; round++)
            {
                int which = (int)((uint)round % corpus.Length);
                failure = Record.Exception(() => Round(corpus[which], usual[which], round, figures));
                if (failure is not null)
                {
                    failure = new InvalidOperationException($"LARDER_SEED={round} ({corpus[which].Name}): {failure.Message}", failure);
                }
            }
        })
        { IsBackground = true };
        fuzzer.Start();
        while (!fuzzer.Join(TimeSpan.FromSeconds(LongestOpening)))
        {
            Assert.True(figures.HasMoved(), $"an opening does not come back; LARDER_SEED={seed + figures.Rounds}");
        }

        if (failure is not null)
        {
            throw failure;
        }

        Figures.Print(
            $"decoder fuzz: {figures.Files} files in {figures.Rounds} directories, {figures.Files / Stopwatch.GetElapsedTime(started).TotalSeconds:F0} files/s, "
            + $"{figures.Refused} refused, {figures.Opened} opened as a prefix, {figures.Forged} forgeries opened, "
            + $"at most {figures.MostAllocated} bytes beyond the usual, unhandled 0, seed {seed}");
        Assert.True(figures.Refused > 0 && figures.Opened > 0 && figures.Forged > 0);
    }

    private static void Round(FuzzCorpus store, long usual, int round, Figure figures)
    {
        Dictionary<string, byte[]> files = store.Files.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());
        bool isForged = new Mutator(round).Mutate(files);
        bool? isSound = round % 11 == 0 ? IsSound(store, files) : null;
        bool readOnly = round % 1009 == 0;   // seldom: a reader looks again and again, in case the owner was in the midst of something
        long bytes = files.Values.Sum(content => (long)content.Length);
        var disk = new ByteFiles(files);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using (Store opened = Open(store, disk, readOnly))
            {
                figures.Allocated(GC.GetAllocatedBytesForCurrentThread() - before - usual, readOnly);
                Look(store, opened, isForged, readOnly);
            }

            if (!readOnly)
            {
                LookAgain(store, disk);
            }

            figures.Count(files.Count, isForged ? 1 : 0, isForged ? 0 : 1, 0);
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            figures.Allocated(GC.GetAllocatedBytesForCurrentThread() - before - usual, readOnly);
            figures.Count(files.Count, 0, 0, 1);
            bool asksForAKey = refused is StoreKeyException && store.Options.EncryptionKey is null;   // forged to look encrypted: verify says that it saw no content
            Assert.True(isSound != true || asksForAKey, $"verify found nothing, but: {refused.Message}");
        }

        Assert.InRange(figures.LastAllocated, long.MinValue, ((16 * bytes) + Buffers) * (readOnly ? ReadOnlyTries : 1));
    }

    private static bool IsRefusal(Exception error) =>
        error is StoreDamagedException or StoreKeyException || (error.GetType() == typeof(IOException) && error.Message.Contains("holds no store", StringComparison.Ordinal));

    /// <summary>What verifying says: never that all is well when opening is refused.</summary>
    private static bool IsSound(FuzzCorpus store, Dictionary<string, byte[]> files)
    {
        try
        {
            return Inspection.Run(new ByteFiles(files), store.Options.EncryptionKey, new ReadingProgress(null, default)).IsSound;
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            return false;
        }
    }

    private static void Look(FuzzCorpus store, Store opened, bool isForged, bool readOnly)
    {
        string digest = FuzzCorpus.Digest(opened);
        if (!isForged)
        {
            Assert.True(store.States.TryGetValue(opened.Statistics.LastSequence, out string? state), $"it ends at {opened.Statistics.LastSequence}, where there was no state");
            Assert.Equal(state, digest);
        }

        opened.VerifyIntegrity();
        if (!readOnly)
        {
            opened.Set("expiring", "afterwards"u8, TimeSpan.FromDays(1));
            opened.Set("written", "afterwards"u8);
            opened.Compact();
            Assert.True(opened.Exists("written"));
        }
    }

    /// <summary>What opened once, and was written to, opens again.</summary>
    private static void LookAgain(FuzzCorpus store, ByteFiles disk)
    {
        using Store again = Open(store, new ByteFiles(disk.Snapshot()), readOnly: false);
        Assert.True(again.Exists("written"));
        again.VerifyIntegrity();
    }

    private static Store Open(FuzzCorpus store, ByteFiles files, bool readOnly) => Store.Open(
        new StoreOptions
        {
            Path = store.Options.Path,
            VersionsToKeep = store.Options.VersionsToKeep,
            Durability = store.Options.Durability,
            EncryptionKey = store.Options.EncryptionKey,
            TimeProvider = store.Options.TimeProvider,
            ReadOnly = readOnly,
        },
        files,
        FuzzCorpus.Tuning);

    /// <summary>What opening allocates when nothing is wrong; the second time, when all is compiled.</summary>
    private static long AllocatedBy(FuzzCorpus store)
    {
        long allocated = 0;
        for (int opening = 0; opening < 3; opening++)
        {
            var files = new ByteFiles(store.Files);
            long before = GC.GetAllocatedBytesForCurrentThread();
            using Store opened = Open(store, files, readOnly: false);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return allocated;
    }

    private sealed class Figure
    {
        private long _seen;

        public long Rounds { get; private set; }

        public long Files { get; private set; }

        public long Refused { get; private set; }

        public long Opened { get; private set; }

        public long Forged { get; private set; }

        public long MostAllocated { get; private set; }

        public long LastAllocated { get; private set; }

        public void Count(int files, int forged, int opened, int refused)
        {
            Files += files;
            Forged += forged;
            Opened += opened;
            Refused += refused;
            Rounds++;
        }

        public void Allocated(long bytes, bool isReader)
        {
            LastAllocated = bytes;
            MostAllocated = isReader ? MostAllocated : Math.Max(MostAllocated, bytes);   // a reader may have looked many times
        }

        public bool HasMoved()
        {
            bool moved = Rounds != _seen;
            _seen = Rounds;
            return moved;
        }
    }
}
