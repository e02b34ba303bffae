using Larder.Primitives;

namespace Larder.Locks;

/// <summary>Flights of a store, whose keys are bytes under prefixes.</summary>
internal static class KeyFlights
{
    internal static Flights<byte[], Entry?> New() => new(new Utf8KeyComparer(KeyedHash.Random()));

    /// <summary>
    /// Overtakes every key under a prefix: those that are longer, as a clear means it, and the bare prefix too when <paramref name="withBare"/>,
    /// as the removal of a prefix means it. The store's gate is held.
    /// </summary>
    internal static void OvertakePrefix(this Flights<byte[], Entry?> flights, ReadOnlySpan<byte> prefix, bool withBare = false)
    {
        if (withBare)
        {
            flights.Overtake(static (key, prefix) => key.AsSpan().StartsWith(prefix), prefix);
        }
        else
        {
            flights.Overtake(static (key, prefix) => key.Length > prefix.Length && key.AsSpan().StartsWith(prefix), prefix);
        }
    }
}
