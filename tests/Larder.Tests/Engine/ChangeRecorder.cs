using Larder.Changes;

namespace Larder.Tests.Engine;

/// <summary>A log that keeps what it is told, in memory.</summary>
internal sealed class ChangeRecorder : IChangeLog
{
    public List<Change> Changes { get; } = [];

    public ValueTask ReserveAsync(long bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Append(ReadOnlySpan<Change> changes)
    {
        foreach (ref readonly Change change in changes)
        {
            Changes.Add(change.Copy());
        }
    }

    public void Release(long bytes)
    {
    }

    public void Wait(long sequence)
    {
    }

    public ValueTask WaitAsync(long sequence, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
