namespace Larder.Comparisons.Peers.Durable;

/// <summary>
/// A store that keeps its entries in files. A put is acknowledged as the peer was opened to do it: after a device flush, or when it
/// has been logged. A virtual call for each put is nothing beside what a logged put costs.
/// </summary>
internal abstract class DurablePeer(string name) : IDisposable
{
    /// <summary>How many entries go into one batch where a peer is loaded in batches.</summary>
    public const int Batch = 1_000;

    public string Name => name;

    /// <summary>Stores one entry. Threads are numbered from 0; each puts for itself.</summary>
    public abstract void Put(int thread, string key, byte[] value);

    /// <summary>Returns once every put of this thread has been acknowledged.</summary>
    public virtual void Finish(int thread)
    {
    }

    /// <summary>Stores many entries in the way that the peer likes best, <see cref="Batch"/> of them at a time.</summary>
    public virtual void Load(string[] keys, byte[][] values)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            Put(0, keys[i], values[i % values.Length]);
        }

        Finish(0);
    }

    /// <summary>Reads one entry; false when it is not there.</summary>
    public abstract bool Get(string key, ref long sum);

    /// <summary>Throws when an entry is not there: a peer that loses some cannot pass for fast.</summary>
    public void Expect(string key)
    {
        long sum = 0;
        if (!Get(key, ref sum))
        {
            throw new InvalidOperationException($"{Name} has lost '{key}'");
        }

        Measuring.Sink.Take(sum);
    }

    /// <summary>Closes the store in good order.</summary>
    public abstract void Dispose();
}
