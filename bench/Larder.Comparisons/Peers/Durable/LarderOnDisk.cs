namespace Larder.Comparisons.Peers.Durable;

/// <summary>Larder's store in a directory, with its default options but for the mode.</summary>
internal sealed class LarderOnDisk(string path, DurabilityMode mode) : DurablePeer("Larder")
{
    public Store Store { get; } = Store.Open(new StoreOptions { Path = path, Durability = mode });

    public override void Put(int thread, string key, byte[] value) => Store.Set(key, value);

    public ValueTask<long> PutAsync(string key, byte[] value) => Store.SetAsync(key, value);

    public override void Load(string[] keys, byte[][] values)
    {
        for (int first = 0; first < keys.Length; first += Batch)
        {
            var batch = new WriteBatch();
            for (int i = first; i < Math.Min(first + Batch, keys.Length); i++)
            {
                batch.Set(keys[i], values[i % values.Length]);
            }

            Store.Write(batch);
        }
    }

    public override bool Get(string key, ref long sum)
    {
        if (!Store.TryGet(key, out Entry entry))
        {
            return false;
        }

        sum += entry.Value.Length + entry.Value.Span[0];
        return true;
    }

    /// <summary>Scans under one prefix, so that the ordered index is there and up to date.</summary>
    public void Scan(string prefix)
    {
        long sum = 0;
        foreach (Entry entry in Store.Scan(prefix))
        {
            sum += entry.Value.Length;
        }

        Measuring.Sink.Take(sum);
    }

    public override void Dispose() => Store.Dispose();
}
