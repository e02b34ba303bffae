namespace Larder.NostrMls.Tests.Child;

/// <summary>
/// Secrets that both processes can compute, so that none has to travel from one to the other, where copies of it would stay. What is made here is made in place.
/// </summary>
internal static class Canary
{
    /// <summary>One for each way in which a secret can end; the last one stays until the store is closed.</summary>
    internal const int Replaced = 1;
    internal const int Pruned = 2;
    internal const int Deleted = 3;
    internal const int RolledBack = 4;
    internal const int Evicted = 5;
    internal const int DeletedWithItsGroup = 6;
    internal const int Released = 7;
    internal const int WelcomeReplaced = 8;
    internal const int Kept = 9;

    internal const int Size = 32;

    internal static void Fill(Span<byte> destination, int number)
    {
        ulong state = 0x9E3779B97F4A7C15UL * (ulong)(number + 1);
        for (int i = 0; i < destination.Length; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            destination[i] = (byte)(state >> 24);
        }
    }
}
