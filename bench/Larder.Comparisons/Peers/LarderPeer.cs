namespace Larder.Comparisons.Peers;

/// <summary>Larder's store in memory, with its default options.</summary>
internal readonly struct LarderPeer(Store store) : IPeer<LarderPeer>
{
    public static string Name => "Larder";

    public static LarderPeer Create(int entries) => new(new Store());

    public LarderPeer ForThread(int thread) => this;

    public bool TryGet(string key, ref long sum)
    {
        if (!store.TryGet(key, out Entry entry))
        {
            return false;
        }

        sum += entry.Value.Length + entry.Value.Span[0];
        return true;
    }

    public void Set(string key, byte[] value) => store.Set(key, value);

    public void SetCounter(string key) => store.Increment(key, 0);

    public long Increment(string key) => store.Increment(key);

    public int Scan(string prefix, ref long sum)
    {
        int count = 0;
        foreach (Entry entry in store.Scan(prefix))
        {
            sum += entry.Value.Length + entry.Value.Span[0];
            count++;
        }

        return count;
    }

    public void Dispose() => store.Dispose();
}
