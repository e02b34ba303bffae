namespace Larder.Durability;

/// <summary>How the files of a store are read: by everybody who reads them, from the opening of a store to the repair of a broken one.</summary>
internal sealed record Reading
{
    /// <summary>The key of an encrypted store.</summary>
    internal byte[]? Key { get; init; }

    /// <summary>Whether encrypted records are good enough as they are: their checksums and sequences can be verified without a key.</summary>
    internal bool MayBeBlind { get; init; }

    /// <summary>A whole header of the same store, to complete damaged ones by.</summary>
    internal FileHeader? Sibling { get; init; }

    /// <summary>Told the bytes that were read since the last time; may throw to end the reading.</summary>
    internal Action<long>? Step { get; init; }

    /// <summary>
    /// Told of all damage, so that reading goes on behind it; when null, the first damage is thrown. Thrown, it puts everything from its first sequence on in doubt; told,
    /// it costs just the commits that it names: none when the first sequence is 0, an unknown number when the last one is.
    /// </summary>
    internal Action<StoreDamagedException>? Damaged { get; init; }

    /// <summary>Throws damage, or tells it.</summary>
    internal void Meet(StoreDamagedException damage)
    {
        if (Damaged is null)
        {
            throw damage;
        }

        Damaged(damage);
    }
}
