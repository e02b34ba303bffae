using System.Diagnostics.CodeAnalysis;

namespace Larder.Locks;

/// <summary>One load of one key, under way. The gate of <see cref="Flights{TKey, TResult}"/> guards every field that changes.</summary>
/// <typeparam name="TKey">The keys.</typeparam>
/// <typeparam name="TResult">What a load makes.</typeparam>
[SuppressMessage("Design", "CA1001", Justification = "A cancellation source without a timer holds nothing to free, and somebody may cancel it late.")]
internal sealed class Flight<TKey, TResult>(TKey key)
{
    private readonly TaskCompletionSource<TResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _everybodyLeft = new();

    internal TKey Key { get; } = key;

    /// <summary>The flights that this one's load waits for; one of them twice if it waits twice.</summary>
    internal List<Flight<TKey, TResult>> WaitsFor { get; } = [];

    /// <summary>How many callers wait for the result.</summary>
    internal int Waiters { get; set; }

    /// <summary>
    /// The result must not be stored, and whoever asks from now on waits for the load to end and begins anew: the key was written, removed or
    /// cleared since the load began, or everybody left. A write sets it inside the store's gate too, where the load's commit reads it without the
    /// gate of the flights; whether that commit sees that everybody left does not matter.
    /// </summary>
    internal volatile bool IsOvertaken;

    internal Task<TResult> Result => _result.Task;

    internal CancellationToken Token => _everybodyLeft.Token;

    internal void Succeed(TResult result) => _result.TrySetResult(result);

    internal void Fail(Exception error)
    {
        _result.TrySetException(error);
        _ = _result.Task.Exception;   // seen: there may be nobody left to see it
    }

    /// <summary>Tells the load to stop. What it registered on the token does not run on the thread of whoever left last.</summary>
    internal void Cancel() => _ = _everybodyLeft.CancelAsync();
}
