using System.Buffers.Text;
using System.Globalization;

namespace Larder;

/// <summary>
/// Check and count in one step, on every store.
/// </summary>
/// <remarks>
/// A window is a counter like any other, made by the first who takes of it and expiring with it. It is read, and then changed only if nobody
/// changed it meanwhile; otherwise it is read again. So never more than the limit is taken of a window, by however many threads, scopes or processes
/// that share the store, and whoever is refused has written nothing. Nobody waits for anybody: that one must read again means that another has taken
/// permits, so while nothing but this takes of the window, a call begins anew at most as often as the limit allows.
/// </remarks>
public static class AcquireExtensions
{
    private const int MostDigits = 20;   // of a 64-bit number with its sign

    /// <summary>
    /// Takes permits of the window <paramref name="key"/> if so many are left, and nothing otherwise. A window begins with the first permits that are taken
    /// of it and is over after <paramref name="window"/>, whatever happens in between; the next one starts fresh.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="key">The key of the window: a counter, which <c>TryGet</c> reads and <c>Remove</c> forgives.</param>
    /// <param name="limit">The most permits of one window; at least 0. May differ from call to call.</param>
    /// <param name="window">How long a window lasts: more than zero, or <see cref="Timeout.InfiniteTimeSpan"/> for ever. Only the call that begins a window is asked.</param>
    /// <param name="permits">How many to take; 0 only looks whether there is one left.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> or <paramref name="permits"/> is negative, or <paramref name="window"/> is no time.</exception>
    /// <exception cref="NotACounterException">The value under the key is no counter.</exception>
    public static AcquireResult TryAcquire(this IStore store, string key, long limit, TimeSpan window, long permits = 1)
    {
        Check(store, key, limit, window, permits);
        ValueTask<AcquireResult> acquired = AcquireAsync(store, key, limit, window, permits, blocks: true, default);
        return acquired.IsCompleted ? acquired.GetAwaiter().GetResult() : throw new InvalidOperationException("a call that blocks did not complete");
    }

    /// <inheritdoc cref="TryAcquire"/>
    public static ValueTask<AcquireResult> TryAcquireAsync(
        this IStore store, string key, long limit, TimeSpan window, long permits = 1, CancellationToken cancellationToken = default)
    {
        Check(store, key, limit, window, permits);
        return AcquireAsync(store, key, limit, window, permits, blocks: false, cancellationToken);
    }

    private static async ValueTask<AcquireResult> AcquireAsync(
        IStore store, string key, long limit, TimeSpan window, long permits, bool blocks, CancellationToken cancellationToken)
    {
        while (true)
        {
            Entry? present = await Get().ConfigureAwait(false);
            long count = present is { } counter ? CountOf(counter) : 0;
            bool isLeft = count <= limit - Math.Max(permits, 1);
            if (permits == 0 || !isLeft)
            {
                return new AcquireResult(isLeft, count, limit, present?.ExpiresAt);
            }

            WriteBatch taking = new WriteBatch()
                .Require(key, present?.Version ?? 0)
                .Increment(key, permits, present is null ? Expiry.In(window) : Expiry.Keep);
            if (blocks ? store.Write(taking) : await store.WriteAsync(taking, cancellationToken).ConfigureAwait(false))
            {
                // Who began the window asks when it ends; if it has ended already, it was of no length to speak of.
                present ??= await Get().ConfigureAwait(false);
                return new AcquireResult(true, count + permits, limit, present?.ExpiresAt);
            }
        }

        ValueTask<Entry?> Get() => !blocks ? store.GetAsync(key, cancellationToken) : new(store.TryGet(key, out Entry entry) ? entry : null);
    }

    /// <summary>What an increment would count from: only the canonical form of a number, as everywhere.</summary>
    private static long CountOf(in Entry entry)
    {
        ReadOnlySpan<byte> value = entry.Value.Span;
        Span<byte> canonical = stackalloc byte[MostDigits];
        return Utf8Parser.TryParse(value, out long count, out _) && count.TryFormat(canonical, out int length, default, CultureInfo.InvariantCulture) && value.SequenceEqual(canonical[..length])
            ? count
            : throw new NotACounterException(entry.Key);
    }

    private static void Check(IStore store, string key, long limit, TimeSpan window, long permits)
    {
        ArgumentNullException.ThrowIfNull(store);
        Utf8.Key(key, stackalloc byte[Utf8.StackBytes]);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        if (window != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        }
    }
}
