namespace Larder.Changes;

/// <summary>The log of a store that keeps nothing beyond the process.</summary>
internal sealed class MemoryLog : IChangeLog
{
    public ValueTask ReserveAsync(long bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Append(ReadOnlySpan<Change> changes)
    {
    }

    public ValueTask WaitAsync(long sequence, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
