namespace Larder.NostrMls;

/// <summary>
/// Invitations, and the records that say which of them were processed. A state is changed by saving the invitation again. A processed record belongs to the group of an invitation
/// that matches it, by the inner id or the outer one; that is found when either is saved and holds as long as the record exists.
/// The rules of <see cref="IGroupStore"/> hold here as well.
/// </summary>
public interface IWelcomeStore
{
    /// <summary>
    /// Saves an invitation, replacing what is there; its group need not exist. A new one beyond <see cref="MlsStoreOptions.CacheSize"/> evicts another; one that is
    /// evicted while Pending takes its processed record along, so that it can be processed again.
    /// </summary>
    /// <exception cref="MlsStoreException">InvalidParameters: a limit is exceeded.</exception>
    void SaveWelcome(Welcome welcome);

    /// <summary>The invitation, or null.</summary>
    Welcome? FindWelcome(EventId id);

    /// <summary>A page of the Pending invitations, descending by id; costs what the page holds.</summary>
    IReadOnlyList<Welcome> GetPendingWelcomes(PageQuery? query = null);

    /// <summary>Saves the record of a processed invitation, replacing what is there. The failure reason is cut to 256 bytes.</summary>
    void SaveProcessedWelcome(ProcessedWelcome processed);

    /// <summary>The record of a processed invitation, or null.</summary>
    ProcessedWelcome? FindProcessedWelcome(EventId wrapperId);
}
