using Larder.Durability;
using Larder.Tests.Durability;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// The logging hook was told of a failure by the thread that led the log, before it let go of those who waited. A hook that asked the store
/// for something that needs the lead, or waited for one of the writers, waited for itself.
/// </summary>
public sealed class HookOfAFailureHoldsTheLog : IDisposable
{
    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_hook_may_use_the_store_when_it_is_told_that_the_log_failed()
    {
        Store? store = null;
        bool fails = false;
        var answer = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var files = new HookedFiles(DiskFiles.At(_scratch.Under("store"), creates: true))
        {
            Before = (verb, name) =>
            {
                if (verb == "Sync" && Volatile.Read(ref fails))
                {
                    throw new IOException("input/output error", 5);
                }
            },
        };
        var options = new StoreOptions
        {
            Log = told =>
            {
                if (told.Name == "poisoned")
                {
                    answer.SetResult(Record.Exception(() => store!.Compact()));
                }
            },
        };
        store = Store.Open(options, files, new LogTuning());
        store.Set("key", "value"u8);
        Volatile.Write(ref fails, true);

        Task write = Task.Factory.StartNew(() => store.Set("key", "other"u8), TaskCreationOptions.LongRunning);
        await Assert.ThrowsAsync<StorePoisonedException>(() => write.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.IsType<StorePoisonedException>(await answer.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        store.Dispose();
    }
}
