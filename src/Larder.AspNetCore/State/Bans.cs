using System.Net;

namespace Larder.AspNetCore.State;

/// <summary>
/// Who is banned, and how near others are to it. A ban and the violations that led to it change in one commit, and violations are counted only of who is
/// not banned: so while a ban lasts there are none, and when it ends the client starts clean.
/// </summary>
internal static class Bans
{
    /// <summary>How long violations are kept, counted from the first.</summary>
    private static readonly TimeSpan _memory = TimeSpan.FromHours(24);

    internal static async ValueTask<bool> Contains(StoreCalls calls, IPAddress client) => await Get(calls, client).ConfigureAwait(false) is not null;

    internal static async ValueTask Add(StoreCalls calls, IPAddress client, string reason, TimeSpan duration, IEnumerable<string> violations) =>
        await calls.Write(Ban(new WriteBatch(), client, reason, duration, violations)).ConfigureAwait(false);

    internal static ValueTask<bool> Remove(StoreCalls calls, IPAddress client) => calls.Remove(StateKey.Ban(client, stackalloc byte[StateKey.MaxBytes]));

    /// <summary>Counts a violation, and bans the client when there are <paramref name="threshold"/>. Returns whether it did.</summary>
    /// <param name="calls">The store.</param>
    /// <param name="client">The client.</param>
    /// <param name="counter">The key under which these violations are counted.</param>
    /// <param name="threshold">How many are too many.</param>
    /// <param name="reason">The reason of the ban.</param>
    /// <param name="duration">How long it lasts.</param>
    /// <param name="violations">Every key under which violations of this client are counted.</param>
    internal static async ValueTask<bool> CountViolation(
        StoreCalls calls, IPAddress? client, string counter, int threshold, string reason, TimeSpan duration, IEnumerable<string> violations)
    {
        string ban = StateKey.Ban(client);
        if (!await calls.Write(new WriteBatch().Require(ban, 0).Increment(counter, 1, Expiry.WhenNew(_memory))).ConfigureAwait(false)
            || (await calls.TryAcquire(counter, threshold, _memory, permits: 0).ConfigureAwait(false)).Count < threshold)
        {
            return false;
        }

        // Two may be here at once. One of them bans; to the other the requirement says that it has been done.
        return await calls.Write(Ban(new WriteBatch().Require(ban, 0), client, reason, duration, violations)).ConfigureAwait(false);
    }

    private static ValueTask<Entry?> Get(StoreCalls calls, IPAddress client) => calls.Get(StateKey.Ban(client, stackalloc byte[StateKey.MaxBytes]));

    private static WriteBatch Ban(WriteBatch batch, IPAddress? client, string reason, TimeSpan duration, IEnumerable<string> violations)
    {
        batch.Set(StateKey.Ban(client), reason, duration);
        foreach (string counter in violations)
        {
            batch.Remove(counter);
        }

        return batch;
    }
}
