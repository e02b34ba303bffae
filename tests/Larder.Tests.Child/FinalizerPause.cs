using System.Runtime.CompilerServices;

namespace Larder.Tests.Child;

/// <summary>
/// While it lasts no finalizer of the process runs: one that waits holds the thread of all of them. It needs to end before the process can.
/// </summary>
/// <remarks>
/// Where every allocation is a collection of everything, the runtime keeps itself busy for ever. The thread pool and every shared pool of arrays look at the memory after each such
/// collection, in a finalizer that asks to be called again, and to look they allocate. The collection of one finds the other, so that from the second of them on the collections
/// never end (about 20 000 a second, of a program that only sleeps), and as the thread of the finalizers holds the collector nearly always, other threads hardly get their turn: with two
/// free cores a hundred allocations can take minutes.
/// </remarks>
internal sealed class FinalizerPause : IDisposable
{
    private readonly ManualResetEvent _isReached = new(false);
    private readonly ManualResetEvent _isOver = new(false);

    internal FinalizerPause()
    {
        Abandon(_isReached, _isOver);
        do
        {
            GC.Collect();
        }
        while (!_isReached.WaitOne(TimeSpan.FromMilliseconds(10)));
    }

    public void Dispose() => _isOver.Set();

    /// <summary>Out of line, so that no local variable keeps the stopper alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon(ManualResetEvent isReached, ManualResetEvent isOver) => _ = new Stopper(isReached, isOver);

    private sealed class Stopper(ManualResetEvent isReached, ManualResetEvent isOver)
    {
        ~Stopper()
        {
            isReached.Set();
            isOver.WaitOne();
        }
    }
}
