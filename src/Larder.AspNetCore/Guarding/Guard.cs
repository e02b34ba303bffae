using System.Diagnostics.CodeAnalysis;
using System.Net;
using Larder.AspNetCore.Addresses;
using Larder.AspNetCore.Guarding;
using Larder.AspNetCore.Inspection;
using Larder.AspNetCore.Paths;
using Larder.AspNetCore.RateLimiting;
using Larder.AspNetCore.State;
using Microsoft.Extensions.Logging;

namespace Larder.AspNetCore;

/// <summary>
/// Decides whether a request may pass: bans and address lists, then user agents, then rate limits, then suspicious input; the first part that refuses
/// decides. Safe for any number of threads.
/// </summary>
/// <remarks>
/// <para>What it knows of clients is in the store, under keys that begin with <c>guard:</c>: over a store in memory it ends with the process, over a durable one it
/// survives restarts. Guards over the same store share it; give each a <c>Scope</c> of its own to keep them apart. Everything expires by itself.</para>
/// <para>A store with a bound that refuses throws <see cref="StoreFullException"/> when it is full, and one that evicts may forget bans and counts of clients that were not
/// seen for long. Whatever the store throws comes through; whether a request passes then is for the caller to say.</para>
/// <para>Counting is atomic: no client is ever allowed more than its limit and burst in a window, by however many threads, guards or processes that share the store.</para>
/// <para>After <see cref="Dispose"/>, or when the store was closed, every member that looks into the store throws <see cref="ObjectDisposedException"/>.</para>
/// </remarks>
public sealed class Guard : IDisposable
{
    /// <summary>The bound of a store of its own: room for the state of so many clients or routes of clients.</summary>
    private const long OwnEntries = 1_000_000;

    private readonly IStore _store;
    private readonly bool _ownsStore;
    private readonly IpFilter _ipFilter;
    private readonly UserAgentFilter _userAgents;
    private readonly RateLimits _limits;
    private readonly Inspector _inspector;
    private readonly GuardLog _log;

    /// <summary>A guard that keeps its state in a store. The options are read now and never again.</summary>
    /// <param name="options">How it decides.</param>
    /// <param name="store">Where its state is kept, in memory, durable or a scope; it stays the caller's to close. Without one the guard makes one in memory that holds a million entries.</param>
    /// <param name="timeProvider">The clock of the windows; the system's when there is none. Bans and budgets expire by the store's.</param>
    /// <param name="logger">Who is told of refused requests; nobody when there is none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Some options are impossible; the message lists every one.</exception>
    /// <exception cref="NotSupportedException">The store cannot write several keys at once, which a ban needs.</exception>
    public Guard(GuardOptions options, IStore? store = null, TimeProvider? timeProvider = null, ILogger<Guard>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Demand(options.Problems(), nameof(options));
        if (store?.Features.HasFlag(StoreFeatures.CrossKeyBatch) == false)
        {
            throw new NotSupportedException($"{store.GetType()} cannot write several keys at once, which a ban needs.");
        }

        TimeProvider time = timeProvider ?? TimeProvider.System;
        _ipFilter = new IpFilter(options.IpFilter);
        _userAgents = new UserAgentFilter(options.UserAgent);
        _limits = new RateLimits(new Limit("", options.RateLimit), time);
        foreach (RouteLimitOptions route in options.RouteLimits)
        {
            _limits.Add(new Limit(route.Endpoint, route.Limit));
        }

        _inspector = new Inspector(options.Penetration);
        _log = new GuardLog(options.Logging, logger);
        _ownsStore = store is null;
        _store = store ?? new Store(new StoreOptions { MaxEntries = OwnEntries, WhenFull = WhenFull.Evict, TimeProvider = time });
    }

    /// <summary>Decides about a request, and counts it if it gets as far as its rate limit.</summary>
    public GuardDecision Check(in GuardRequest request) => Completed(DecideAsync(request, Blocking));

    /// <inheritdoc cref="Check"/>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the waiting; a request that was counted stays counted.</param>
    public ValueTask<GuardDecision> CheckAsync(in GuardRequest request, CancellationToken cancellationToken = default) =>
        DecideAsync(request, new StoreCalls(_store, blocks: false, cancellationToken));

    /// <summary>Counts a request against the rate limit of a path alone; for what is no request of its own, such as a message on a socket.</summary>
    /// <param name="address">The client; null for all who have no address together.</param>
    /// <param name="path">The path, or empty for the limit of everything else.</param>
    public RateLimitResult CheckRateLimit(IPAddress? address, string path = "") => Completed(CheckRateLimitAsync(Blocking, address, path));

    /// <inheritdoc cref="CheckRateLimit"/>
    public ValueTask<RateLimitResult> CheckRateLimitAsync(IPAddress? address, string path = "", CancellationToken cancellationToken = default) =>
        CheckRateLimitAsync(new StoreCalls(_store, blocks: false, cancellationToken), address, path);

    /// <summary>
    /// Gives the paths that a pattern matches a limit of their own, with windows of their own; from the next request on. An exact path comes first, then
    /// patterns in the order in which they were added. A pattern that is there already gets the new limit.
    /// </summary>
    /// <param name="pattern">The pattern, as in <see cref="RateLimitOptions.ExcludedPaths"/>.</param>
    /// <param name="limit">The limit; read now and never again.</param>
    /// <exception cref="ArgumentException">The pattern or the limit is impossible.</exception>
    public void AddRouteLimit(string pattern, RateLimitOptions limit)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(limit);
        Demand(PathPattern.Problem(pattern) is { } problem ? [problem] : [], nameof(pattern));
        Demand(GuardOptionsCheck.ProblemsOf(limit), nameof(limit));
        _limits.Add(new Limit(pattern, limit));
    }

    /// <summary>Refuses an address for a time, in place of an earlier ban, and forgets its violations.</summary>
    /// <param name="address">The address.</param>
    /// <param name="reason">Why; kept with the ban as text, under <c>guard:ban:</c> and the address.</param>
    /// <param name="duration">How long: more than zero, or <see cref="Timeout.InfiniteTimeSpan"/> until <see cref="Unban"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is no time.</exception>
    public void Ban(IPAddress address, string reason, TimeSpan duration) => Completed(BanAsync(Blocking, Client(address), Reason(reason), Duration(duration)));

    /// <inheritdoc cref="Ban"/>
    public ValueTask BanAsync(IPAddress address, string reason, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        return AsyncPart(BanAsync(new StoreCalls(_store, blocks: false, cancellationToken), Client(address), Reason(reason), Duration(duration)));

        static async ValueTask AsyncPart(ValueTask<bool> ban) => await ban.ConfigureAwait(false);
    }

    /// <summary>Ends the ban of an address; false when there was none.</summary>
    public bool Unban(IPAddress address) => Completed(Bans.Remove(Blocking, Client(address)));

    /// <inheritdoc cref="Unban"/>
    public ValueTask<bool> UnbanAsync(IPAddress address, CancellationToken cancellationToken = default) =>
        Bans.Remove(new StoreCalls(_store, blocks: false, cancellationToken), Client(address));

    /// <summary>Whether an address is banned.</summary>
    public bool IsBanned(IPAddress address) => Completed(Bans.Contains(Blocking, Client(address)));

    /// <inheritdoc cref="IsBanned"/>
    public ValueTask<bool> IsBannedAsync(IPAddress address, CancellationToken cancellationToken = default) =>
        Bans.Contains(new StoreCalls(_store, blocks: false, cancellationToken), Client(address));

    /// <summary>Closes the store when the guard made it itself.</summary>
    public void Dispose()
    {
        if (_ownsStore)
        {
            _store.Dispose();
        }
    }

    private StoreCalls Blocking => new(_store, blocks: true, default);

    private async ValueTask<GuardDecision> DecideAsync(GuardRequest request, StoreCalls calls)
    {
        IPAddress? client = request.Address is { } address ? AddressText.Canonical(address) : null;
        string path = request.Path ?? "";
        if (_ipFilter.IsEnabled)
        {
            string? unwelcome = client is null ? "Invalid IP address"
                : await Bans.Contains(calls, client).ConfigureAwait(false) ? "IP is banned"
                : _ipFilter.Refusal(client);
            if (unwelcome is not null)
            {
                return Refuse(request, client, GuardDecisionType.IpFilter, unwelcome);
            }
        }

        if (_userAgents.Refusal(request.UserAgent, path) is { } unwanted)
        {
            return Refuse(request, client, GuardDecisionType.UserAgentFilter, unwanted);
        }

        RateLimitResult limit = await TakeAsync(calls, client, path).ConfigureAwait(false);
        if (!limit.Allowed)
        {
            return Refuse(request, client, GuardDecisionType.RateLimit, limit.Reason!, limit);
        }

        if (_inspector.IsEnabled && _inspector.Inspect(request) is { } suspicion)
        {
            if (!_inspector.DetectsOnly)
            {
                return Refuse(request, client, GuardDecisionType.PenetrationDetection, suspicion.Reason, limit);
            }

            _log.Suspicious(request, client, suspicion.Reason, suspicion.Rule);
        }

        return new GuardDecision(true, null, null, limit);
    }

    private async ValueTask<RateLimitResult> TakeAsync(StoreCalls calls, IPAddress? client, string path)
    {
        (RateLimitResult result, bool isBanned) = await _limits.Take(calls, client, path).ConfigureAwait(false);
        if (isBanned)
        {
            _log.Banned(client, result.Reason!);
        }

        return result;
    }

    private ValueTask<RateLimitResult> CheckRateLimitAsync(StoreCalls calls, IPAddress? address, string path)
    {
        return TakeAsync(calls, address is null ? null : AddressText.Canonical(address), path);
    }

    private async ValueTask<bool> BanAsync(StoreCalls calls, IPAddress client, string reason, TimeSpan duration)
    {
        await Bans.Add(calls, client, reason, duration, _limits.Violations(client)).ConfigureAwait(false);
        return true;
    }

    private GuardDecision Refuse(in GuardRequest request, IPAddress? client, string type, string reason, RateLimitResult? limit = null)
    {
        _log.Refused(request, client, type, reason);
        return new GuardDecision(false, type, reason, limit);
    }

    private static IPAddress Client(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return AddressText.Canonical(address);
    }

    private static string Reason(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return reason;
    }

    private static TimeSpan Duration(TimeSpan duration)
    {
        if (duration != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        }

        return duration;
    }

    private static void Demand(IReadOnlyList<string> problems, string parameter)
    {
        if (problems.Count > 0)
        {
            throw new ArgumentException($"the guard options are not valid: {string.Join("; ", problems)}.", parameter);
        }
    }

    /// <summary>The result of a call that blocked where it had to wait.</summary>
    [SuppressMessage("Reliability", "CA2012", Justification = "It has completed.")]
    private static T Completed<T>(ValueTask<T> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("a call that blocks did not complete");
}
