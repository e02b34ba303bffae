using System.Net;
using Larder.AspNetCore.State;

namespace Larder.AspNetCore.RateLimiting;

/// <summary>Asks the limit of a path, and counts refusals until they are too many.</summary>
internal sealed class RateLimits(Limit @default, TimeProvider time)
{
    private static readonly RateLimitResult _unlimited = new(true, -1, -1, -1, null);

    // Read without a gate: a table never changes. Exchanged inside it, so that no route that was added at the same time is lost.
    private readonly Lock _gate = new();
    private volatile LimitTable _table = new(@default, []);

    internal void Add(Limit route)
    {
        lock (_gate)
        {
            _table = _table.With(route);
        }
    }

    /// <summary>Whether the request is within its limit, and whether its refusal has just banned the client.</summary>
    internal async ValueTask<(RateLimitResult Result, bool IsBanned)> Take(StoreCalls calls, IPAddress? client, string path)
    {
        LimitTable table = _table;
        Limit limit = table.For(path);
        if (!table.Default.AppliesTo(path) || !limit.AppliesTo(path))
        {
            return (_unlimited, false);
        }

        RateLimitResult result = await limit.Algorithm.Take(calls, client, time.GetUtcNow()).ConfigureAwait(false);
        if (result.Allowed)
        {
            return (result, false);
        }

        string reason = $"Rate limit exceeded for {(path.Length == 0 ? "global" : path)}";
        string counter = StateKey.Violations(client, limit.Utf8Pattern);
        bool isBanned = await Bans.CountViolation(
            calls, client, counter, limit.BanThreshold, Shortened(reason), limit.BanDuration, Violations(table, client)).ConfigureAwait(false);
        return (result with { Reason = reason }, isBanned);
    }

    /// <summary>Every key under which violations of a client are counted.</summary>
    internal IEnumerable<string> Violations(IPAddress client) => Violations(_table, client);

    private static IEnumerable<string> Violations(LimitTable table, IPAddress? client) =>
        table.Routes.Prepend(table.Default).Select(limit => StateKey.Violations(client, limit.Utf8Pattern));

    /// <summary>A path is a stranger's to choose; what is stored of it has a bound, and a form in UTF-8.</summary>
    private static string Shortened(string reason)
    {
        const int Most = 200;
        return string.Concat(reason.Take(Most).Select(c => char.IsSurrogate(c) || char.IsControl(c) ? '?' : c));
    }
}
