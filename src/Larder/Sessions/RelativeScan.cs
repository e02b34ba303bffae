using System.Collections;

namespace Larder.Sessions;

/// <summary>A scan with relative keys. Its point in time is that of the scan beneath: the moment at which the enumeration begins.</summary>
internal sealed class RelativeScan(IEnumerable<Entry> scan, Relative<Entry> relative) : IEnumerable<Entry>
{
    public IEnumerator<Entry> GetEnumerator() => new Enumerator(scan.GetEnumerator(), relative);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>No iterator: one that is disposed before it is read would leave the scan beneath open.</summary>
    private sealed class Enumerator(IEnumerator<Entry> entries, Relative<Entry> relative) : IEnumerator<Entry>
    {
        private Entry _current;

        public Entry Current => _current;

        object IEnumerator.Current => _current;

        public bool MoveNext()
        {
            while (entries.MoveNext())
            {
                if (relative(entries.Current, out _current))
                {
                    return true;
                }
            }

            return false;
        }

        public void Dispose() => entries.Dispose();

        public void Reset() => entries.Reset();
    }
}
