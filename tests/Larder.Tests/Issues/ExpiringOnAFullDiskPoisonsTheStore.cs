using Larder.Durability;
using Larder.Tests.Durability;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// A sweep reserves nothing in the log. On a full disk it went on beyond the margin that is kept for it, and the log failed at writing what nobody had asked for: the
/// store was read-only, though no caller had been told of the full disk and space came back.
/// </summary>
public sealed class ExpiringOnAFullDiskPoisonsTheStore : IDisposable
{
    private const int Keys = 3000;
    private readonly TemporaryDirectory _scratch = new();
    private readonly ManualTimeProvider _clock = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_store_goes_on_when_space_returns_though_much_expired_meanwhile()
    {
        var options = new StoreOptions { TimeProvider = _clock };
        using (Store before = Store.Open(options, DiskFiles.At(_scratch.Under("store"), creates: true), new LogTuning()))
        {
            var batch = new WriteBatch();
            for (int number = 0; number < Keys; number++)
            {
                batch.Set($"{number:d200}", Array.Empty<byte>(), TimeSpan.FromSeconds(10));
            }

            before.Write(batch);
        }

        var files = new HookedFiles(DiskFiles.At(_scratch.Under("store"), creates: false));
        using Store store = Store.Open(options, files, new LogTuning { AllocateBytes = 4096 });
        files.IsFull = true;
        for (int second = 0; second < 20 && store.Statistics.Fault is null; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            SpinWait.SpinUntil(() => store.Statistics.Fault is not null, 50);
        }

        Assert.Equal(0, store.Count());
        files.IsFull = false;
        Assert.Null(store.Statistics.Fault);
        store.Set("after", "value"u8);
    }
}
