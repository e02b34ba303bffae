using Larder.Durability;
using Larder.Tests.Durability;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// A writer that was interrupted while it waited for room in the log left, but the room came to it later all the same, and nobody gave it back: after a few of
/// these every writer waited for room for ever.
/// </summary>
public sealed class InterruptedReservationIsKeptForEver : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Others_find_room_after_a_writer_was_interrupted_while_it_waited_for_some()
    {
        using var flushing = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        bool holds = false;
        var files = new HookedFiles(DiskFiles.At(_scratch.Under("store"), creates: true))
        {
            Before = (verb, name) =>
            {
                if (verb == "Sync" && Volatile.Read(ref holds))
                {
                    flushing.Set();
                    goOn.Wait(_patience);
                }
            },
        };
        var tuning = new LogTuning { PendingBytes = 4096, MarginBytes = 512, AllocateBytes = 64 << 10 };
        using Store store = Store.Open(new StoreOptions(), files, tuning);
        store.Set("before", "value"u8);

        Volatile.Write(ref holds, true);
        Task first = Task.Factory.StartNew(() => store.Set("first", new byte[10]), TaskCreationOptions.LongRunning);
        Assert.True(flushing.Wait(_patience));
        Task second = Task.Factory.StartNew(() => store.Set("second", new byte[5000]), TaskCreationOptions.LongRunning);
        Assert.True(SpinWait.SpinUntil(() => store.Exists("second"), _patience));
        var third = new Thread(() => Record.Exception(() => store.Set("third", new byte[5000])));
        third.Start();
        Assert.True(SpinWait.SpinUntil(() => third.ThreadState.HasFlag(ThreadState.WaitSleepJoin), _patience));
        third.Interrupt();
        third.Join(500);
        Volatile.Write(ref holds, false);
        goOn.Set();
        await Task.WhenAll(first, second).WaitAsync(_patience);
        Assert.True(third.Join(_patience));

        await Task.Run(() => store.Set("fourth", new byte[3000])).WaitAsync(_patience);
        Assert.True(store.Exists("fourth"));
    }
}
