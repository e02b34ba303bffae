using System.Net;
using Microsoft.Extensions.Logging;

namespace Larder.AspNetCore;

/// <summary>Decides whether a request may pass.</summary>
public sealed class Guard : IDisposable
{
    /// <summary>A guard that keeps its state in a store.</summary>
    public Guard(GuardOptions options, IStore? store = null, TimeProvider? timeProvider = null, ILogger<Guard>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _ = store;
        _ = timeProvider;
        _ = logger;
    }

    /// <summary>Decides about a request.</summary>
    public GuardDecision Check(in GuardRequest request) => throw new NotImplementedException(request.Path);

    /// <inheritdoc cref="Check"/>
    public ValueTask<GuardDecision> CheckAsync(in GuardRequest request, CancellationToken cancellationToken = default) => throw new NotImplementedException(GetType().Name);

    /// <summary>Gives the paths that a pattern matches a limit of their own.</summary>
    public void AddRouteLimit(string pattern, RateLimitOptions limit) => throw new NotImplementedException(GetType().Name);

    /// <summary>Refuses an address for a time.</summary>
    public void Ban(IPAddress address, string reason, TimeSpan duration) => throw new NotImplementedException(GetType().Name);

    /// <inheritdoc cref="Ban"/>
    public ValueTask BanAsync(IPAddress address, string reason, TimeSpan duration, CancellationToken cancellationToken = default) => throw new NotImplementedException(GetType().Name);

    /// <summary>Ends the ban of an address; false when there was none.</summary>
    public bool Unban(IPAddress address) => throw new NotImplementedException(GetType().Name);

    /// <inheritdoc cref="Unban"/>
    public ValueTask<bool> UnbanAsync(IPAddress address, CancellationToken cancellationToken = default) => throw new NotImplementedException(GetType().Name);

    /// <summary>Whether an address is banned.</summary>
    public bool IsBanned(IPAddress address) => throw new NotImplementedException(GetType().Name);

    /// <inheritdoc cref="IsBanned"/>
    public ValueTask<bool> IsBannedAsync(IPAddress address, CancellationToken cancellationToken = default) => throw new NotImplementedException(GetType().Name);

    /// <summary>Closes the store when the guard made it itself.</summary>
    public void Dispose()
    {
    }
}
