namespace Larder.NostrMls;

/// <summary>
/// The storage of a messenger for Nostr groups over MLS (RFC 9420): groups, messages, invitations, exporter secrets, records of what was processed, and the state of the MLS
/// engine. Safe for any number of threads.
/// </summary>
public interface IMlsProtocolStore : IMlsOperations, IDisposable
{
    /// <summary>What keeps the records.</summary>
    StoreBackend Backend { get; }

    /// <summary>A copy of the options the store was made with.</summary>
    MlsStoreOptions Options { get; }

    /// <summary>
    /// Commits all calls that are made through the handle together, or none if the action throws. Reads through the handle see one state and the action's own writes; others see nothing of them
    /// before. A refused call inside changes nothing, and the action may go on. Other writers wait meanwhile. The handle is for the action's own thread, and dead afterwards.
    /// </summary>
    /// <exception cref="InvalidOperationException">The action writes to the store itself instead of the handle, or begins another transaction.</exception>
    void RunInTransaction(Action<IMlsOperations> action);
}
