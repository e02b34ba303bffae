namespace Larder.Comparisons.Peers;

/// <summary><see cref="LockedDictionary"/> under test.</summary>
internal readonly struct LockedDictionaryPeer(LockedDictionary map) : IPeer<LockedDictionaryPeer>
{
    public static string Name => "locked dictionary";

    public static LockedDictionaryPeer Create(int entries) => new(new LockedDictionary());

    public LockedDictionaryPeer ForThread(int thread) => this;

    public bool TryGet(string key, ref long sum)
    {
        byte[]? value = map.Get(key);
        if (value is null)
        {
            return false;
        }

        sum += value.Length + value[0];
        return true;
    }

    public void Set(string key, byte[] value) => map.Set(key, value);

    public void SetCounter(string key) => map.Set(key, stackalloc byte[sizeof(long)]);

    public long Increment(string key) => map.Increment(key);

    public int Scan(string prefix, ref long sum)
    {
        List<KeyValuePair<string, byte[]>> found = map.Scan(prefix);
        foreach ((_, byte[] value) in found)
        {
            sum += value.Length + value[0];
        }

        return found.Count;
    }

    public void Dispose() => map.Dispose();
}
