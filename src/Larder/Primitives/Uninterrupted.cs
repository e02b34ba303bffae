namespace Larder.Primitives;

/// <summary>Waits that <see cref="Thread.Interrupt"/> does not end, because half of what they are part of would be worse.</summary>
internal static class Uninterrupted
{
    /// <summary>Runs a wait, again if it is interrupted, and passes the interrupt on to the thread's next wait elsewhere.</summary>
    internal static void Run(Action wait)
    {
        bool isInterrupted = false;
        while (true)
        {
            try
            {
                wait();
                break;
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        }

        if (isInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }
}
