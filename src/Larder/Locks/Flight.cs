using System.Diagnostics.CodeAnalysis;

namespace Larder.Locks;

/// <summary>One load of one key, under way. Every field that changes is guarded by the gate of <see cref="Flights"/>, unless it says otherwise.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A cancellation source without a timer holds nothing to free, and somebody may cancel it late.")]
internal sealed class Flight(byte[] key, Flight? parent)
{
    private readonly TaskCompletionSource<Entry?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _everybodyLeft = new();

    internal byte[] Key { get; } = key;

    /// <summary>The flight whose load started this one.</summary>
    internal Flight? Parent { get; } = parent;

    /// <summary>The flight whose result this one's load waits for.</summary>
    internal Flight? WaitsFor { get; set; }

    internal int Waiters { get; set; } = 1;

    /// <summary>Everybody left: the load was told to stop, and whoever comes now waits for it to end and begins anew.</summary>
    internal bool IsAbandoned { get; set; }

    /// <summary>The key was written, removed or cleared since the load began, so its result must not be stored. Set and read inside the store's gate.</summary>
    internal volatile bool IsOvertaken;

    internal Task<Entry?> Result => _result.Task;

    internal CancellationToken Token => _everybodyLeft.Token;

    internal void Succeed(Entry? entry) => _result.TrySetResult(entry);

    internal void Fail(Exception error)
    {
        _result.TrySetException(error);
        _ = _result.Task.Exception;   // seen: there may be nobody left to see it
    }

    /// <summary>Tells the load to stop. What it registered on the token does not run on the thread of whoever left last.</summary>
    internal void Cancel() => _ = _everybodyLeft.CancelAsync();
}
