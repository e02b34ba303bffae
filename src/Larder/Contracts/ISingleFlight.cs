namespace Larder;

/// <summary>A value that a factory made, ready to be stored.</summary>
/// <param name="Value">The bytes; must not change afterwards.</param>
/// <param name="Kind">How they came to be.</param>
public readonly record struct LoadedValue(ReadOnlyMemory<byte> Value, ValueKind Kind);

/// <summary>
/// What <c>GetOrAdd</c> asks of a store: to run one load per key at a time, however many callers wait, and to store its result
/// unless the key was set, removed or cleared meanwhile. It is apart from <see cref="IStore"/> because only the store itself can
/// see the removal of a key that is absent.
/// </summary>
public interface ISingleFlight
{
    /// <summary>
    /// The entry under <paramref name="key"/>, loaded and stored when absent. A result that was overtaken, or that could not be
    /// kept because its expiry had passed, is returned with version 0. Null when the load returned null; failures are passed to
    /// every waiter, and neither is stored. The token of an async load is cancelled when the last waiter has left.
    /// </summary>
    /// <exception cref="InvalidOperationException">The load waits, directly or through other loads, for itself.</exception>
    Entry? Load(string key, Func<string, LoadedValue?> load, Expiry expiry = default);

    /// <inheritdoc cref="Load"/>
    ValueTask<Entry?> LoadAsync(
        string key,
        Func<string, CancellationToken, ValueTask<LoadedValue?>> load,
        Expiry expiry = default,
        CancellationToken cancellationToken = default);
}
