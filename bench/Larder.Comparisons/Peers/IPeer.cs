namespace Larder.Comparisons.Peers;

/// <summary>
/// One store under test. Implemented by structs, so that the measured loops are compiled once for each of them and reach it by
/// direct calls: nobody pays for an interface that somebody else does not.
/// </summary>
internal interface IPeer<TSelf> : IDisposable
    where TSelf : struct, IPeer<TSelf>
{
    /// <summary>The name in tables.</summary>
    static abstract string Name { get; }

    /// <summary>An empty store that will hold about <paramref name="entries"/> entries.</summary>
    static abstract TSelf Create(int entries);

    /// <summary>The same store as the given thread should use it.</summary>
    TSelf ForThread(int thread);

    /// <summary>Finds a value and adds its length and first byte to <paramref name="sum"/>, so that no peer gets away without touching it.</summary>
    bool TryGet(string key, ref long sum);

    /// <summary>Stores a copy of <paramref name="value"/>: the caller may change its array afterwards.</summary>
    void Set(string key, byte[] value);

    /// <summary>Sets a counter to 0 in whatever form the peer counts best.</summary>
    void SetCounter(string key) => throw new NotSupportedException();

    /// <summary>Adds one to a counter, atomically, and returns the sum.</summary>
    long Increment(string key) => throw new NotSupportedException();

    /// <summary>Visits the entries whose keys start with <paramref name="prefix"/> in key order; returns how many.</summary>
    int Scan(string prefix, ref long sum) => throw new NotSupportedException();
}
