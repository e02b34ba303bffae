using System.Diagnostics.Metrics;

namespace Larder.Engine;

/// <summary>
/// The figures of a store for whoever listens to the meter named <c>Larder</c>. They are read when asked for, so that nothing is spent
/// while nobody listens. The platform holds every meter until it is disposed: this one knows the engine weakly, so that a store that nobody holds
/// is collected, and is then disposed by the finalizer of this object, which only the store holds.
/// </summary>
internal sealed class StoreMeter : IDisposable
{
    private static readonly KeyValuePair<string, object?> _hit = new("dotnet.cache.request.type", "hit");
    private static readonly KeyValuePair<string, object?> _miss = new("dotnet.cache.request.type", "miss");

    private readonly Meter _meter = new("Larder");

    internal StoreMeter(MemoryEngine engine)
    {
        var weak = new WeakReference<MemoryEngine>(engine);
        _meter.CreateObservableCounter(
            "dotnet.cache.requests",
            () => Read(weak, static of => [new Measurement<long>(of.Hits, _hit), new Measurement<long>(of.Misses, _miss)]),
            "{request}",
            "Reads, by whether they found their key.");
        _meter.CreateObservableCounter(
            "dotnet.cache.evictions", () => Read(weak, static of => [new Measurement<long>(of.Evictions)]), "{eviction}", "Entries that the bound drove out.");
        _meter.CreateObservableUpDownCounter(
            "dotnet.cache.entries", () => Read(weak, static of => [new Measurement<long>(of.Entries)]), "{entry}", "Entries held.");
        _meter.CreateObservableUpDownCounter(
            "dotnet.cache.estimated_size", () => Read(weak, static of => [new Measurement<long>(of.Bytes)]), "By", "Bytes charged for keys, values and versions.");
    }

    ~StoreMeter() => _meter.Dispose();

    public void Dispose()
    {
        _meter.Dispose();
        GC.SuppressFinalize(this);
    }

    private static IEnumerable<Measurement<long>> Read(WeakReference<MemoryEngine> weak, Func<MemoryEngine, IEnumerable<Measurement<long>>> read) =>
        weak.TryGetTarget(out MemoryEngine? engine) ? read(engine) : [];
}
