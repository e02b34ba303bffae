namespace Larder.Durability;

/// <summary>
/// How to read beside an owner who may be writing: what is read in pieces may not fit together, and files may go away. Then it is read again; what stays
/// wrong is wrong.
/// </summary>
internal static class Beside
{
    /// <summary>How often to read before giving up.</summary>
    internal const int Tries = 20;

    /// <summary>Reads until it goes well, or does not seem to be going to.</summary>
    internal static T Read<T>(Func<T> read)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return read();
            }
            catch (Exception error) when (MayPass(error, attempt))
            {
                Pause(attempt);
            }
        }
    }

    /// <summary>Whether a failure may have come from the owner's writing, and another attempt is worth while.</summary>
    internal static bool MayPass(Exception error, int attempt) => attempt < Tries && error is StoreDamagedException or FileNotFoundException;

    /// <summary>Waits before another attempt, the longer the more there were.</summary>
    internal static void Pause(int attempt)
    {
        using var pause = new ManualResetEventSlim();
        pause.Wait(TimeSpan.FromMilliseconds(attempt));
    }
}
