using System.Diagnostics.CodeAnalysis;

namespace Larder.Sessions;

/// <summary>
/// Removes what stands under dead tokens: goes through the ledgers, a page at a time, and looks whether the header of each leads to it. One that is
/// dead stays dead, as long as its ledger has the version that was seen before the header was looked at; every batch requires that.
/// The ledger goes last, so what an interruption leaves is found again.
/// </summary>
internal static class SessionSweep
{
    /// <summary>Ledgers in one look, and about as many entries in one commit: some tens of microseconds for everybody else.</summary>
    private const int Page = 128;

    /// <summary>Removes what every ended session has left; returns how many there were.</summary>
    internal static async ValueTask<long> RunAsync(StoreCalls calls)
    {
        int limit = calls.Features.HasFlag(StoreFeatures.OrderedScan) ? Page : int.MaxValue;   // pages need an order
        string? after = null;
        long swept = 0;
        while (true)
        {
            List<Entry> page = await calls.ListAsync(SessionLayout.Ledgers, after, limit).ConfigureAwait(false);
            List<SessionLedger> dead = [];
            foreach (Entry entry in page)
            {
                SessionLedger ledger = SessionLayout.Ledger(entry);
                if (!await IsAliveAsync(calls, ledger).ConfigureAwait(false))
                {
                    dead.Add(ledger);
                }
            }

            swept += await BuryAsync(calls, dead).ConfigureAwait(false) ? dead.Count : 0;
            if (page.Count < limit)
            {
                return swept;
            }

            after = page[^1].Key;
        }
    }

    /// <summary>Removes what one dead token has left. Its end has happened, so what comes between is no failure of it; the next sweep finds the rest.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The caller's operation is done; a store that fails says so at the next.")]
    internal static async ValueTask TryBuryAsync(StoreCalls calls, SessionLedger dead)
    {
        try
        {
            await BuryAsync(calls, [dead]).ConfigureAwait(false);
        }
        catch (Exception)
        {
        }
    }

    private static async ValueTask<bool> IsAliveAsync(StoreCalls calls, SessionLedger ledger) =>
        await calls.FindAsync(SessionLayout.HeaderOf(ledger.Id), ledger.Id).ConfigureAwait(false) is { } entry
        && SessionLayout.Header(ledger.Id, entry).Token == ledger.Token;

    /// <summary>False when one of them was not dead after all, because it was rotated between two looks: then some are left for the next sweep.</summary>
    private static async ValueTask<bool> BuryAsync(StoreCalls calls, List<SessionLedger> dead)
    {
        var batch = new WriteBatch();
        foreach (SessionLedger ledger in dead)
        {
            string place = SessionLayout.LedgerOf(ledger.Token);
            batch.Require(place, ledger.Version);
            foreach (Entry entry in await calls.ListAsync(SessionLayout.DataOf(ledger.Token)).ConfigureAwait(false))
            {
                batch.Remove(entry.Key);
                if (batch.Count >= Page)
                {
                    if (!await calls.WriteAsync(batch, ledger.Id).ConfigureAwait(false))
                    {
                        return false;
                    }

                    batch = new WriteBatch().Require(place, ledger.Version);
                }
            }

            batch.Remove(place);
        }

        return batch.Count == 0 || await calls.WriteAsync(batch, "").ConfigureAwait(false);
    }
}
