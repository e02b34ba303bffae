using Larder.Comparisons.Measuring;

namespace Larder.Comparisons.Peers;

/// <summary>A peer without its type: one virtual call for each batch of operations, never for each operation.</summary>
internal abstract class Peer : IDisposable
{
    public abstract string Name { get; }

    public abstract void Set(int thread, string[] keys, byte[][] values, int from, int to);

    public abstract long Get(int thread, string[] keys, int from, int to);

    public abstract long Mixed(int thread, string[] keys, int[] sequence, byte[][] values, int from, int to);

    public abstract void SetCounters(string[] keys);

    public abstract void Increment(int thread, string[] keys, int from, int to);

    public abstract long Scan(int thread, string[] prefixes, int from, int to);

    public abstract void Dispose();
}

/// <summary>The measured loops. They allocate nothing of their own and hand every result on.</summary>
internal sealed class Peer<T>(T store) : Peer
    where T : struct, IPeer<T>
{
    private readonly T _store = store;

    public override string Name => T.Name;

    public override void Set(int thread, string[] keys, byte[][] values, int from, int to)
    {
        T store = _store.ForThread(thread);
        int mask = values.Length - 1;
        for (int i = from; i < to; i++)
        {
            store.Set(keys[i], values[i & mask]);
        }
    }

    /// <summary>Returns how many keys were found, so that a peer that lost any cannot pass for fast.</summary>
    public override long Get(int thread, string[] keys, int from, int to)
    {
        T store = _store.ForThread(thread);
        long found = 0;
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            if (store.TryGet(keys[i], ref sum))
            {
                found++;
            }
        }

        Sink.Take(sum);
        return found;
    }

    /// <summary>Reads and writes keys in the order of <paramref name="sequence"/>; the complement of an index is a write.</summary>
    public override long Mixed(int thread, string[] keys, int[] sequence, byte[][] values, int from, int to)
    {
        T store = _store.ForThread(thread);
        int mask = values.Length - 1;
        long found = 0;
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            int index = sequence[i];
            if (index < 0)
            {
                store.Set(keys[~index], values[i & mask]);
                found++;
            }
            else if (store.TryGet(keys[index], ref sum))
            {
                found++;
            }
        }

        Sink.Take(sum);
        return found;
    }

    public override void SetCounters(string[] keys)
    {
        T store = _store.ForThread(0);
        foreach (string key in keys)
        {
            store.SetCounter(key);
        }
    }

    public override void Increment(int thread, string[] keys, int from, int to)
    {
        T store = _store.ForThread(thread);
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            sum += store.Increment(keys[i]);
        }

        Sink.Take(sum);
    }

    /// <summary>Scans one prefix for each operation, starting again at the first after the last; returns the entries visited.</summary>
    public override long Scan(int thread, string[] prefixes, int from, int to)
    {
        T store = _store.ForThread(thread);
        long visited = 0;
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            visited += store.Scan(prefixes[i % prefixes.Length], ref sum);
        }

        Sink.Take(sum);
        return visited;
    }

    public override void Dispose() => _store.Dispose();
}
