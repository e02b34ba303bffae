namespace Larder;

/// <summary>What gives locks out and takes them back; for those who implement <see cref="IStore"/>.</summary>
public interface IKeyLockOwner
{
    /// <summary>Releases the lock if <paramref name="token"/> still holds it; does nothing otherwise.</summary>
    void Release(string key, long token);

    /// <summary>The same for owners that have to ask a server.</summary>
    ValueTask ReleaseAsync(string key, long token);
}

/// <summary>
/// A held lock on one key. Dispose it to release it, once or many times: only the first release of the holder counts, and it can
/// never free a later holder. Not re-entrant. Setting, reading or removing the key inside is allowed.
/// </summary>
public readonly struct KeyLock : IDisposable, IAsyncDisposable
{
    private readonly IKeyLockOwner? _owner;
    private readonly string _ownersKey;

    /// <summary>Makes a lock; for those who implement <see cref="IStore"/>.</summary>
    public KeyLock(IKeyLockOwner owner, string key, long token, CancellationToken lost = default)
    {
        _owner = owner;
        _ownersKey = key;
        Key = key;
        Token = token;
        Lost = lost;
    }

    /// <summary>The key that is locked; empty in the default value, which is no lock.</summary>
    public string Key { get => field ?? ""; private init; }

    /// <summary>The fencing token: later holders of the same key have larger ones.</summary>
    public long Token { get; }

    /// <summary>Cancelled when the lock was a lease and is lost; never for a lock within the process.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _owner?.Release(_ownersKey, Token);

    /// <summary>Releases the lock.</summary>
    public ValueTask DisposeAsync() => _owner?.ReleaseAsync(_ownersKey, Token) ?? ValueTask.CompletedTask;

    /// <summary>The same lock for a caller who knows the key by another name.</summary>
    internal KeyLock As(string key) => this with { Key = key };
}
