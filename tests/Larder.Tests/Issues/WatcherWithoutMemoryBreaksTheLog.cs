using System.Buffers;
using Larder.Changes;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// Changes were copied for watchers after the log had taken them. Without memory for the copy the commit failed, but its record stayed in the log, and the next
/// commit took the same sequence: such a log is refused when it is opened again.
/// </summary>
public sealed class WatcherWithoutMemoryBreaksTheLog
{
    [Fact]
    public void A_commit_that_the_log_has_taken_does_not_fail_for_want_of_memory_for_watchers()
    {
        var log = new CountingLog();
        var hub = new WatchHub(log);
        Watcher watcher = hub.Subscribe([]);
        using var value = new Unreadable();
        var change = new Change(ChangeKind.Set, 1, "k"u8.ToArray(), value.Memory, 1, Expiry.Never, ValueKind.Bytes);

        Exception? failure = Record.Exception(() => hub.Append(new ReadOnlySpan<Change>(in change)));

        Assert.Null(failure);
        Assert.Equal(1, log.Appended);
        Assert.True(watcher.TryTake(out Change told));
        Assert.Equal((ChangeKind.Missed, 1L), (told.Kind, told.Sequence));
    }

    private sealed class CountingLog : IChangeLog
    {
        public int Appended { get; private set; }

        public ValueTask ReserveAsync(long bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void Release(long bytes)
        {
        }

        public void Append(ReadOnlySpan<Change> changes) => Appended++;

        public void Wait(long sequence)
        {
        }

        public ValueTask WaitAsync(long sequence, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    /// <summary>A value of which no copy can be made.</summary>
    private sealed class Unreadable : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory(100);

        public override Span<byte> GetSpan() => throw new InsufficientMemoryException();

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
