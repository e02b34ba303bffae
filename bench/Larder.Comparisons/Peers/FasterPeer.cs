using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using FASTER.core;
using Session = FASTER.core.ClientSession<
    FASTER.core.SpanByte,
    FASTER.core.SpanByte,
    FASTER.core.SpanByte,
    FASTER.core.SpanByteAndMemory,
    FASTER.core.Empty,
    Larder.Comparisons.Peers.FasterFunctions>;

namespace Larder.Comparisons.Peers;

/// <summary>
/// FASTER in memory, at its best: keys and values as bytes in its log, the log large enough that every record stays in the mutable
/// part, the index sized in advance, one session a thread. Records are locked while they are read or written, because nobody else
/// here returns half of one value and half of another. No expiry, no order.
/// </summary>
internal readonly unsafe struct FasterPeer : IPeer<FasterPeer>
{
    private const int Threads = 2;
    private const int LargestValue = 256;

    private readonly FasterKV<SpanByte, SpanByte> _map;
    private readonly Session[] _sessions;
    private readonly byte[][] _buffers;
    private readonly Session _session;
    private readonly byte* _buffer;

    private FasterPeer(FasterKV<SpanByte, SpanByte> map, Session[] sessions, byte[][] buffers, int thread)
    {
        _map = map;
        _sessions = sessions;
        _buffers = buffers;
        _session = sessions[thread];
        _buffer = (byte*)Unsafe.AsPointer(ref buffers[thread][0]);
    }

    public static string Name => "FASTER";

    public static FasterPeer Create(int entries)
    {
        uint size = BitOperations.RoundUpToPowerOf2((uint)entries);
        var settings = new FasterKVSettings<SpanByte, SpanByte>
        {
            IndexSize = size * 32L, // one bucket of 64 bytes for two keys, as its documentation advises
            MemorySize = Math.Max(size * 256L, 1L << 21),
            PageSize = Math.Max(size * 4L, 1L << 16),
            LogDevice = new NullDevice(),
            ConcurrencyControlMode = ConcurrencyControlMode.RecordIsolation,
        };
        var map = new FasterKV<SpanByte, SpanByte>(settings);
        var sessions = new Session[Threads];
        var buffers = new byte[Threads][];
        for (int i = 0; i < Threads; i++)
        {
            sessions[i] = map.For(new FasterFunctions()).NewSession<FasterFunctions>();
            buffers[i] = GC.AllocateArray<byte>(LargestValue, pinned: true);
        }

        return new FasterPeer(map, sessions, buffers, 0);
    }

    public FasterPeer ForThread(int thread) => new(_map, _sessions, _buffers, thread);

    public bool TryGet(string key, ref long sum)
    {
        byte* utf8 = stackalloc byte[64];
        SpanByte faster = Key(key, utf8, 64);
        SpanByte input = default;
        var output = new SpanByteAndMemory(_buffer, LargestValue);
        Status status = _session.Read(ref faster, ref input, ref output);
        if (!status.Found)
        {
            return false;
        }

        sum += output.Length + *_buffer;
        return true;
    }

    public void Set(string key, byte[] value)
    {
        byte* utf8 = stackalloc byte[64];
        SpanByte faster = Key(key, utf8, 64);
        fixed (byte* bytes = value)
        {
            SpanByte content = SpanByte.FromPointer(bytes, value.Length);
            _session.Upsert(ref faster, ref content);
        }
    }

    public void SetCounter(string key) => Set(key, new byte[sizeof(long)]);

    public long Increment(string key)
    {
        byte* utf8 = stackalloc byte[64];
        SpanByte faster = Key(key, utf8, 64);
        SpanByte input = default;
        var output = new SpanByteAndMemory(_buffer, LargestValue);
        _session.RMW(ref faster, ref input, ref output);
        return *(long*)_buffer;
    }

    public void Dispose()
    {
        foreach (Session session in _sessions)
        {
            session.Dispose();
        }

        _map.Dispose();
    }

    private static SpanByte Key(string key, byte* utf8, int room) =>
        SpanByte.FromPointer(utf8, Encoding.UTF8.GetBytes(key, new Span<byte>(utf8, room)));
}

/// <summary>What FASTER calls under the record's lock: reads copy out, an increment adds in place.</summary>
internal sealed unsafe class FasterFunctions : SpanByteFunctions<Empty>
{
    public override bool InPlaceUpdater(ref SpanByte key, ref SpanByte input, ref SpanByte value, ref SpanByteAndMemory output, ref RMWInfo rmwInfo)
    {
        long sum = checked(*(long*)value.ToPointer() + 1);
        *(long*)value.ToPointer() = sum;
        *(long*)output.SpanByte.ToPointer() = sum;
        return true;
    }
}
