using Larder.Comparisons.Measuring;

namespace Larder.Comparisons.Peers.Caches;

/// <summary>A cache under test without its type: one virtual call for each batch of operations.</summary>
internal abstract class CachePeer<TKey> : IDisposable
    where TKey : notnull
{
    public abstract string Name { get; }

    /// <summary>Returns how many keys were found.</summary>
    public abstract long Get(TKey[] keys, int from, int to);

    public abstract long GetOrAdd(TKey[] keys, int from, int to);

    public abstract void Set(TKey[] keys, Cached[] values, int from, int to);

    public abstract void SetFor(TKey[] keys, Cached[] values, int from, int to);

    /// <summary>
    /// Asks for keys in the order of <paramref name="sequence"/> and puts in what is missing; the complement of an index is a write. Returns how
    /// many look-ups found their key.
    /// </summary>
    public abstract long Mixed(TKey[] keys, int[] sequence, Cached[] values, int from, int to);

    public abstract void Dispose();
}

/// <summary>The measured loops. They allocate nothing of their own and hand every result on.</summary>
internal sealed class CachePeer<TPeer, TKey>(TPeer cache) : CachePeer<TKey>
    where TPeer : struct, ICachePeer<TPeer, TKey>
    where TKey : notnull
{
    private static readonly Cached _made = new(1);
    private readonly TPeer _cache = cache;
    private readonly Func<TKey, Cached> _make = static _ => _made;

    public override string Name => TPeer.Name;

    public override long Get(TKey[] keys, int from, int to)
    {
        TPeer cache = _cache;
        long found = 0;
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            if (cache.TryGet(keys[i], out Cached? value))
            {
                found++;
                sum += value.Number;
            }
        }

        Sink.Take(sum);
        return found;
    }

    public override long GetOrAdd(TKey[] keys, int from, int to)
    {
        TPeer cache = _cache;
        Func<TKey, Cached> make = _make;
        long found = 0;
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            Cached value = cache.GetOrAdd(keys[i], make);
            found += ReferenceEquals(value, _made) ? 0 : 1;
            sum += value.Number;
        }

        Sink.Take(sum);
        return found;
    }

    public override void Set(TKey[] keys, Cached[] values, int from, int to)
    {
        TPeer cache = _cache;
        int mask = values.Length - 1;
        for (int i = from; i < to; i++)
        {
            cache.Set(keys[i], values[i & mask]);
        }
    }

    public override void SetFor(TKey[] keys, Cached[] values, int from, int to)
    {
        TPeer cache = _cache;
        int mask = values.Length - 1;
        for (int i = from; i < to; i++)
        {
            cache.SetFor(keys[i], values[i & mask]);
        }
    }

    public override long Mixed(TKey[] keys, int[] sequence, Cached[] values, int from, int to)
    {
        TPeer cache = _cache;
        int mask = values.Length - 1;
        long found = 0;
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            int index = sequence[i];
            if (index < 0)
            {
                cache.Set(keys[~index], values[i & mask]);
            }
            else if (cache.TryGet(keys[index], out Cached? value))
            {
                found++;
                sum += value.Number;
            }
            else
            {
                cache.Set(keys[index], values[i & mask]);
            }
        }

        Sink.Take(sum);
        return found;
    }

    public override void Dispose() => _cache.Dispose();
}
