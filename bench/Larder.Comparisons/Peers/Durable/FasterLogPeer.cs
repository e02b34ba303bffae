using System.Text;
using FASTER.core;
using Larder.Comparisons.Inputs;

namespace Larder.Comparisons.Peers.Durable;

/// <summary>
/// FasterLog: a log alone, with no map behind it, as the measure of how well writers can share a flush. Its device writes through to
/// the disk. Nothing can be looked up.
/// </summary>
internal sealed class FasterLogPeer : DurablePeer
{
    public const string Title = "FasterLog (no map)";

    private readonly IDevice _device;
    private readonly FasterLog _log;

    public FasterLogPeer(string directory)
        : base(Title)
    {
        Directory.CreateDirectory(directory);
        _device = Devices.CreateLogDevice(Path.Combine(directory, "entries.log"));
        _log = new FasterLog(new FasterLogSettings
        {
            LogDevice = _device,
            LogChecksum = LogChecksumType.PerEntry,
            MemorySize = 1L << 26,
            PageSize = 1L << 22,
            FastCommitMode = true,

            // In that mode a commit is an entry of the log. Without this it would still write a file of its own besides.
            LogCommitManager = new DeviceLogCommitCheckpointManager(
                new LocalStorageNamedDeviceFactory(),
                new DefaultCheckpointNamingScheme(Path.Combine(directory, "commits")),
                removeOutdated: false,
                fastCommitThrottleFreq: int.MaxValue),
        });
    }

    public override void Put(int thread, string key, byte[] value)
    {
        Span<byte> entry = stackalloc byte[Keys.Room + Values.Bytes];
        int length = Encoding.UTF8.GetBytes(key, entry);
        value.CopyTo(entry[length..]);
        long address = _log.Enqueue(entry[..(length + value.Length)]);
        _log.Commit();
        _log.WaitForCommit(address + 1);
    }

    public override void Load(string[] keys, byte[][] values)
    {
        // There is nothing to find later, so there is nothing to load.
    }

    public override bool Get(string key, ref long sum) => throw new NotSupportedException();

    public override void Dispose()
    {
        _log.Dispose();
        _device.Dispose();
    }
}
