namespace Larder;

/// <summary>How long keys still have, on every store.</summary>
public static class TimeToLiveExtensions
{
    /// <summary>
    /// How long a key will still be there: null when it is absent or expired, <see cref="Timeout.InfiniteTimeSpan"/> when it never expires,
    /// and more than zero otherwise.
    /// </summary>
    /// <exception cref="ArgumentException">The key is empty or holds an unpaired surrogate.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public static TimeSpan? GetTimeToLive(this IStore store, string key)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.TryGet(key, out Entry entry) ? Left(store, entry) : null;
    }

    /// <inheritdoc cref="GetTimeToLive"/>
    public static ValueTask<TimeSpan?> GetTimeToLiveAsync(this IStore store, string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return LeftAsync(store.GetAsync(key, cancellationToken));

        async ValueTask<TimeSpan?> LeftAsync(ValueTask<Entry?> get) => await get.ConfigureAwait(false) is { } entry ? Left(store, entry) : null;
    }

    /// <summary>Now, on the clock of a store.</summary>
    internal static DateTimeOffset Now(IStore store) => store is IStoreClock clock ? clock.UtcNow : TimeProvider.System.GetUtcNow();

    /// <summary>The clock is read after the entry, so what is left may have run out meanwhile.</summary>
    private static TimeSpan? Left(IStore store, in Entry entry)
    {
        if (entry.ExpiresAt is not { } deadline)
        {
            return Timeout.InfiniteTimeSpan;
        }

        TimeSpan left = deadline - Now(store);
        return left > TimeSpan.Zero ? left : null;
    }
}
