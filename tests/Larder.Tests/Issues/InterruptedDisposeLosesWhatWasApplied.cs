using Xunit;

namespace Larder.Tests.Issues;

/// <summary>An interrupt while a store was closed ended the closing before anything was flushed: commits whose callers had gone on were lost without a failure of the disk.</summary>
public sealed class InterruptedDisposeLosesWhatWasApplied : IDisposable
{
    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(DurabilityMode.Interval)]
    [InlineData(DurabilityMode.Snapshot)]
    public void A_closing_that_is_interrupted_is_completed(DurabilityMode mode)
    {
        var options = new StoreOptions { Path = _scratch.Under("store"), Durability = mode, FlushInterval = TimeSpan.FromHours(1) };
        Exception? failure = null;
        var closer = new Thread(() =>
        {
            Store store = Store.Open(options);
            store.Set("key", "value"u8);
            Thread.CurrentThread.Interrupt();
            failure = Record.Exception(store.Dispose);
        });
        closer.Start();
        closer.Join();

        using Store reopened = Store.Open(options);
        Assert.True(reopened.Exists("key"));
        Assert.Null(failure);
    }
}
