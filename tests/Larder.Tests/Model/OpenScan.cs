namespace Larder.Tests.Model;

/// <summary>A scan that was begun and is read on later: it must go on showing the moment at which it began.</summary>
internal sealed class OpenScan : IDisposable
{
    private readonly IEnumerator<Entry> _entries;
    private readonly List<Entry> _read = [];

    /// <param name="scan">The store's scan.</param>
    /// <param name="expected">What the model holds now.</param>
    /// <param name="first">How many entries to read at once; the enumeration begins in any case.</param>
    public OpenScan(IEnumerable<Entry> scan, string expected, int first)
    {
        Expected = expected;
        _entries = scan.GetEnumerator();
        for (int i = 0; i < first && _entries.MoveNext(); i++)
        {
            _read.Add(_entries.Current);
        }
    }

    public string Expected { get; }

    public string ReadAll()
    {
        while (_entries.MoveNext())
        {
            _read.Add(_entries.Current);
        }

        return Outcome.Of(_read);
    }

    public void Dispose() => _entries.Dispose();
}
