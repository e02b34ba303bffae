namespace Larder.Primitives;

/// <summary>A task that has failed, or was cancelled when that is what happened.</summary>
internal static class Faulted
{
    internal static ValueTask<T> As<T>(Exception error) => error is OperationCanceledException { CancellationToken.IsCancellationRequested: true } cancelled
        ? ValueTask.FromCanceled<T>(cancelled.CancellationToken)
        : ValueTask.FromException<T>(error);
}
