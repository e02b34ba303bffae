using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Larder.Primitives;

/// <summary>
/// An array that grows a chunk at a time: what is there is never copied, and a reference into it stays good. One thread grows it at a time;
/// an index that was published after the growth may be used by anybody.
/// </summary>
/// <remarks>No index is checked: whoever hands one out has made room for it before.</remarks>
internal sealed class ChunkedArray<T>
{
    private const int MostBits = 14;   // 16,384 elements: long enough to be cheap to reach, short enough to be made between two writes

    private readonly int _bits;
    private readonly int _mask;
    private T[][] _chunks = [];
    private T[] _first = [];   // the first chunk, which most arrays are all of: one step less to wait for

    /// <param name="expected">How many elements there may be in the end; fewer than a chunk takes get a shorter one.</param>
    internal ChunkedArray(long expected)
    {
        _bits = 4;
        while (_bits < MostBits && 1L << _bits < expected)
        {
            _bits++;
        }

        _mask = (1 << _bits) - 1;
    }

    internal int Length => _chunks.Length << _bits;

    internal ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            T[] first = _first;
            if ((uint)index < (uint)first.Length)
            {
                return ref first[index];
            }

            T[] chunk = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_chunks), index >> _bits);
            return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(chunk), index & _mask);
        }
    }

    /// <summary>Makes room for one more chunk.</summary>
    internal void Grow()
    {
        T[][] longer = new T[_chunks.Length + 1][];
        _chunks.CopyTo(longer, 0);
        longer[^1] = new T[_mask + 1];
        _first = longer[0];
        Volatile.Write(ref _chunks, longer);
    }

    /// <summary>Grows until the index is inside.</summary>
    internal void MakeRoomFor(int index)
    {
        while (index >= Length)
        {
            Grow();
        }
    }
}
