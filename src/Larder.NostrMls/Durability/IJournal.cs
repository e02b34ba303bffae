using Larder.NostrMls.State;

namespace Larder.NostrMls.Durability;

/// <summary>The seam between what a call means and what keeps it. In memory there is none.</summary>
internal interface IJournal : IDisposable
{
    /// <summary>Writes what a draft has changed, all or nothing; returns when it is on stable storage. Inside the gate of writers.</summary>
    /// <exception cref="MlsStoreException">Backend: it could not be written.</exception>
    void Commit(Draft draft);

    /// <summary>Secrets have ended that the files still hold. Outside every gate.</summary>
    void SecretsEnded(bool deletes, bool replaces);

    /// <summary>Removes what has ended from the files, now.</summary>
    void Erase();
}
