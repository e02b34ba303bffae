namespace Larder;

/// <summary>Script and session storage on every store.</summary>
public static class StorageExtensions
{
    /// <summary>Text under keys, shared by everybody who has the store.</summary>
    public static LocalStorage LocalStorage(this IStore store) => new(store);

    /// <summary>Text under keys for each visitor, with an end. Dispose it to stop its sweep; the store stays open.</summary>
    /// <exception cref="ArgumentException">Some options are impossible; the message lists every one.</exception>
    /// <exception cref="NotSupportedException">The store cannot keep sessions: <see cref="SessionStorage(IStore, SessionOptions)"/>.</exception>
    public static SessionStorage Sessions(this IStore store, SessionOptions? options = null) => new(store, options ?? new SessionOptions());
}
