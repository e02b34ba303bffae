namespace Larder.Sessions;

/// <summary>
/// The calls that a face makes to its store: awaited, or blocking. A body that is written against it serves both; called blocking it has
/// ended when it returns. Each call tells where in the store it goes and what the caller named, because refusals speak of the latter.
/// </summary>
internal readonly struct StoreCalls(IStore store, bool blocks, CancellationToken cancellationToken = default)
{
    internal StoreFeatures Features => store.Features;

    /// <summary>The result of a body that was called blocking.</summary>
    internal static T Result<T>(ValueTask<T> body) => body.GetAwaiter().GetResult();

    /// <summary>The same calls, but what they do is not given up halfway.</summary>
    internal StoreCalls ToTheEnd() => new(store, blocks);

    internal async ValueTask<Entry?> FindAsync(string place, string name)
    {
        try
        {
            return blocks
                ? store.TryGet(place, out Entry entry) ? entry : null
                : await store.GetAsync(place, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreLimitException refusal) when (Names.IsAbout(refusal))
        {
            throw Names.InTermsOf(name, refusal);
        }
    }

    internal async ValueTask<bool> WriteAsync(WriteBatch batch, string name)
    {
        try
        {
            return blocks ? store.Write(batch) : await store.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreLimitException refusal) when (Names.IsAbout(refusal))
        {
            throw Names.InTermsOf(name, refusal);
        }
    }

    internal async ValueTask<bool> RemoveAsync(string place, string name)
    {
        try
        {
            return blocks ? store.Remove(place) : await store.RemoveAsync(place, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreLimitException refusal) when (Names.IsAbout(refusal))
        {
            throw Names.InTermsOf(name, refusal);
        }
    }

    internal async ValueTask<long> IncrementAsync(string place, string name, long by)
    {
        try
        {
            return blocks ? store.Increment(place, by) : await store.IncrementAsync(place, by, default, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreLimitException refusal) when (Names.IsAbout(refusal))
        {
            throw Names.InTermsOf(name, refusal);
        }
        catch (NotACounterException)
        {
            throw new NotACounterException(name);
        }
    }

    internal async ValueTask<Entry?> LoadAsync(string place, string name, Func<string, CancellationToken, ValueTask<LoadedValue?>> load, Expiry expiry)
    {
        ISingleFlight flights = GetOrAddExtensions.Flights(store);
        try
        {
            return blocks
                ? flights.Load(place, _ => Result(load(name, default)), expiry)
                : await flights.LoadAsync(place, (_, token) => load(name, token), expiry, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreLimitException refusal) when (Names.IsAbout(refusal))
        {
            throw Names.InTermsOf(name, refusal);
        }
    }

    /// <summary>The entries under a prefix, in the order of their UTF-8 bytes whatever the store's own order is.</summary>
    internal async ValueTask<List<Entry>> ListAsync(string prefix, string? after = null, int limit = int.MaxValue)
    {
        List<Entry> entries = [];
        if (blocks)
        {
            entries.AddRange(store.Scan(prefix, after, limit));
        }
        else
        {
            await foreach (Entry entry in store.ScanAsync(prefix, after, limit, reverse: false, cancellationToken).ConfigureAwait(false))
            {
                entries.Add(entry);
            }
        }

        if (!Features.HasFlag(StoreFeatures.OrderedScan))
        {
            entries.Sort(static (a, b) => a.Utf8Key.Span.SequenceCompareTo(b.Utf8Key.Span));
        }

        return entries;
    }
}
