using System.Numerics;
using System.Text;
using FASTER.core;
using Larder.Comparisons.Inputs;
using Session = FASTER.core.ClientSession<
    FASTER.core.SpanByte,
    FASTER.core.SpanByte,
    FASTER.core.SpanByte,
    FASTER.core.SpanByteAndMemory,
    FASTER.core.Empty,
    FASTER.core.SpanByteFunctions<FASTER.core.Empty>>;

namespace Larder.Comparisons.Peers.Durable;

/// <summary>FASTER with its log in a file and a full checkpoint at the end of a load, from which the next one recovers.</summary>
internal sealed unsafe class FasterCheckpoint : DurablePeer
{
    public const string Title = "FASTER checkpoint";

    private const int LargestValue = 256;

    private readonly IDevice _device;
    private readonly FasterKV<SpanByte, SpanByte> _map;
    private readonly Session _session;

    public FasterCheckpoint(string directory, int entries)
        : base(Title)
    {
        uint size = BitOperations.RoundUpToPowerOf2((uint)entries);
        string checkpoints = Path.Combine(directory, "checkpoints");
        bool recovers = Directory.Exists(checkpoints);
        Directory.CreateDirectory(directory);
        _device = Devices.CreateLogDevice(Path.Combine(directory, "entries.log"));
        _map = new FasterKV<SpanByte, SpanByte>(new FasterKVSettings<SpanByte, SpanByte>
        {
            IndexSize = size * 8L,   // a bucket of 64 bytes for its seven entries: smaller to checkpoint than the advised two keys a bucket
            MemorySize = Math.Max(size * 256L, 1L << 21),
            PageSize = Math.Max(size * 4L, 1L << 16),
            LogDevice = _device,
            CheckpointDir = checkpoints,
            TryRecoverLatest = recovers,
        });
        _session = _map.For(new SpanByteFunctions<Empty>()).NewSession<SpanByteFunctions<Empty>>();
    }

    public override void Put(int thread, string key, byte[] value)
    {
        byte* utf8 = stackalloc byte[Keys.Room];
        SpanByte faster = SpanByte.FromPointer(utf8, Encoding.UTF8.GetBytes(key, new Span<byte>(utf8, Keys.Room)));
        fixed (byte* bytes = value)
        {
            SpanByte content = SpanByte.FromPointer(bytes, value.Length);
            _session.Upsert(ref faster, ref content);
        }
    }

    public override void Load(string[] keys, byte[][] values)
    {
        base.Load(keys, values);
        (bool isDone, _) = _map.TakeFullCheckpointAsync(CheckpointType.FoldOver).AsTask().GetAwaiter().GetResult();
        if (!isDone)
        {
            throw new InvalidOperationException("FASTER took no checkpoint");
        }
    }

    public override bool Get(string key, ref long sum)
    {
        byte* utf8 = stackalloc byte[Keys.Room];
        byte* value = stackalloc byte[LargestValue];
        SpanByte faster = SpanByte.FromPointer(utf8, Encoding.UTF8.GetBytes(key, new Span<byte>(utf8, Keys.Room)));
        SpanByte input = default;
        var output = new SpanByteAndMemory(value, LargestValue);
        Status status = _session.Read(ref faster, ref input, ref output);
        if (status.IsPending)
        {
            _session.CompletePendingWithOutputs(out CompletedOutputIterator<SpanByte, SpanByte, SpanByte, SpanByteAndMemory, Empty> completed, wait: true);
            using (completed)
            {
                return completed.Next() && completed.Current.Status.Found;
            }
        }

        sum += output.Length;
        return status.Found;
    }

    public override void Dispose()
    {
        _session.Dispose();
        _map.Dispose();
        _device.Dispose();
    }
}
