using Larder.Sessions;

namespace Larder;

/// <summary>Scopes on every store.</summary>
public static class ScopeExtensions
{
    /// <summary>
    /// The keys under <paramref name="prefix"/> as a store of their own, with the same contract: keys are relative, locks are the store's,
    /// <see cref="IStore.Clear"/> clears the scope only. Disposing it closes the view, not the store. Costs nothing to make; scopes of scopes work.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="prefix"/> is empty or holds an unpaired surrogate.</exception>
    public static IStore Scope(this IStore store, string prefix)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return new ScopedStore(store, prefix);
    }
}
