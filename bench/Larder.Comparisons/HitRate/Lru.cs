namespace Larder.Comparisons.HitRate;

/// <summary>Least recently used, exact: the zero of the score. With sizes, the bound is on their sum.</summary>
internal sealed class Lru : IReplayed
{
    private const int None = -1;

    private readonly long _capacity;
    private readonly uint[]? _sizes;
    private readonly int[] _older;
    private readonly int[] _newer;
    private readonly bool[] _held;
    private int _oldest = None;
    private int _newest = None;
    private long _used;

    public Lru(long capacity, int unique, uint[]? sizes = null)
    {
        _capacity = capacity;
        _sizes = sizes;
        _older = new int[unique];
        _newer = new int[unique];
        _held = new bool[unique];
    }

    public bool Access(int key)
    {
        if (_held[key])
        {
            Unlink(key);
            LinkNewest(key);
            return true;
        }

        long size = Size(key);
        if (size > _capacity)
        {
            return false;
        }

        while (_used + size > _capacity)
        {
            int victim = _oldest;
            Unlink(victim);
            _held[victim] = false;
            _used -= Size(victim);
        }

        _held[key] = true;
        _used += size;
        LinkNewest(key);
        return false;
    }

    public void Dispose()
    {
    }

    private long Size(int key) => _sizes?[key] ?? 1;

    private void LinkNewest(int key)
    {
        _older[key] = _newest;
        _newer[key] = None;
        if (_newest == None)
        {
            _oldest = key;
        }
        else
        {
            _newer[_newest] = key;
        }

        _newest = key;
    }

    private void Unlink(int key)
    {
        if (_older[key] == None)
        {
            _oldest = _newer[key];
        }
        else
        {
            _newer[_older[key]] = _newer[key];
        }

        if (_newer[key] == None)
        {
            _newest = _older[key];
        }
        else
        {
            _older[_newer[key]] = _older[key];
        }
    }
}
