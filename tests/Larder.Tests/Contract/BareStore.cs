namespace Larder.Tests.Contract;

/// <summary>A store that declares no features and keeps its word: what the suite expects of a backend that can do less.</summary>
internal sealed class BareStore(IStore store) : AsyncTwins(store)
{
    public override StoreFeatures Features => StoreFeatures.None;

    public override IEnumerable<Entry> Scan(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false) =>
        after is null && !reverse ? base.Scan(prefix, after, limit, reverse) : throw Lacking(StoreFeatures.OrderedScan);

    public override IAsyncEnumerable<Entry> ScanAsync(string prefix = "", string? after = null, int limit = int.MaxValue, bool reverse = false, CancellationToken cancellationToken = default) =>
        after is null && !reverse ? base.ScanAsync(prefix, after, limit, reverse, cancellationToken) : throw Lacking(StoreFeatures.OrderedScan);

    public override WriteResult Write(WriteBatch batch) => base.Write(OneKey(batch));

    public override ValueTask<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellationToken = default) => base.WriteAsync(OneKey(batch), cancellationToken);

    public override IReadOnlyList<Entry> History(string key) => throw Lacking(StoreFeatures.History);

    public override ValueTask<IReadOnlyList<Entry>> HistoryAsync(string key, CancellationToken cancellationToken = default) => throw Lacking(StoreFeatures.History);

    public override IAsyncEnumerable<Change> Watch(string prefix = "", bool includeCurrent = false, CancellationToken cancellationToken = default) =>
        throw Lacking(StoreFeatures.Watch);

    public override void Flush() => throw Lacking(StoreFeatures.Flush);

    public override ValueTask FlushAsync(CancellationToken cancellationToken = default) => throw Lacking(StoreFeatures.Flush);

    private static WriteBatch OneKey(WriteBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        bool several = batch.Items.Any(item => item.Operation == BatchOperation.Clear || !item.Utf8Key.Span.SequenceEqual(batch.Items[0].Utf8Key.Span));
        return several ? throw Lacking(StoreFeatures.CrossKeyBatch) : batch;
    }

    private static NotSupportedException Lacking(StoreFeatures feature) => new($"this store does not support {feature}");
}
