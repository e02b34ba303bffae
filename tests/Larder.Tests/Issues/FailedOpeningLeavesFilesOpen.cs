using Larder.Durability;
using Larder.Tests.Durability;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>An opening that failed behind the point where the log had begun left its segment open, its thread asleep and its timer running for as long as the process lived.</summary>
public sealed class FailedOpeningLeavesFilesOpen
{
    [Theory]
    [InlineData(DurabilityMode.Commit)]
    [InlineData(DurabilityMode.Snapshot)]
    public void Whatever_fails_when_a_store_is_opened_no_file_stays_open(DurabilityMode mode)
    {
        bool isOpened = false;
        for (int failing = 1; !isOpened && failing < 500; failing++)
        {
            using var scratch = new TemporaryDirectory();
            var options = new StoreOptions { Durability = mode };
            using (Store before = Store.Open(options, DiskFiles.At(scratch.Under("store"), creates: true), new LogTuning { HasThread = false }))
            {
                before.Set("key", "value"u8);
            }

            int calls = 0;
            var files = new HookedFiles(DiskFiles.At(scratch.Under("store"), creates: false))
            {
                Before = (verb, name) =>
                {
                    if (Interlocked.Increment(ref calls) == failing)
                    {
                        throw new IOException("input/output error", 5);
                    }
                },
            };
            try
            {
                Store.Open(options, files, new LogTuning { HasThread = false }).Dispose();
                isOpened = calls < failing;
            }
            catch (IOException)
            {
                Assert.True(files.OpenFiles == 0, $"{files.OpenFiles} files stayed open after call {failing} failed");
            }
        }

        Assert.True(isOpened);
    }
}
