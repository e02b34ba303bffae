using System.Text;
using Larder.Primitives;

namespace Larder.Sessions;

/// <summary>
/// What each operation of session storage does to the store, one body for sync and async.
/// </summary>
/// <remarks>
/// <para><b>Layout.</b> A session is a <i>header</i> under its id (which token; when it was last renewed), a <i>ledger</i> under the token (whose it
/// is; how many keys there are) and the <i>data</i>, an entry a key, under the token. The header expires when nobody has used the session for too
/// long; ledger and data carry the absolute deadline, one and the same for all, fixed by the commit that began the session. A session is there
/// while its header leads to a token whose ledger is there. Both are deadlines on the store's own clock, so all its keys vanish at one
/// moment for everybody. Without an idle time-out the header carries the absolute deadline too.</para>
/// <para><b>Tokens</b> are random and never used twice. Once a token has lost its header (the session expired, was cleared or ended) no header ever
/// leads to it again: it is dead, and so is what stands under it.</para>
/// <para><b>Writers</b> commit by one batch that requires the header they read; who changes the number of keys requires the ledger too, and writes
/// it. So the quota is exact, and nothing is ever added under a dead token. Who is refused looks again.</para>
/// <para><b>Readers</b> look up the header, then the key. What they find was there while the token was alive, which it was when they began. What they
/// do not find may have been swept, so they look whether the header still leads to the token, and start over when it does not.</para>
/// <para><b>Clearing</b> leads the header to a new token. <b>Rotating</b> moves the header, and tells the ledger. <b>Ending</b> removes the
/// header. Each is one commit, whatever the session holds. What is left under a dead token goes at once, or, when something comes between,
/// in the next sweep.</para>
/// <para><b>Cost.</b> A get is 2 look-ups, 3 when the key is absent. A set of a present key is 2 look-ups and a batch that writes one entry; of an
/// absent key 3 and two entries. None of it depends on how many keys or sessions there are. A renewal is one more look-up and one more entry, at most
/// sixteen times in an idle time-out.</para>
/// <para><b>Versions</b> of a header may be reused when a key is set again in a store that does not declare
/// <see cref="StoreFeatures.UniqueVersions"/>. There only strict sessions are allowed: then the key of a header is never set again, nor that of a ledger.</para>
/// </remarks>
internal sealed class SessionTable(SessionOptions options)
{
    /// <summary>A get or a set renews when this part of the idle time-out has gone by.</summary>
    private const int RenewalsPerTimeout = 16;

    private readonly MonotonicClock _clock = new(options.TimeProvider);

    internal async ValueTask<string> CreateAsync(StoreCalls calls)
    {
        string id = SessionLayout.NewId();
        await calls.WriteAsync(Begin(new WriteBatch(), id, SessionLayout.NewToken(), keys: 0), id).ConfigureAwait(false);
        return id;
    }

    internal async ValueTask<string?> GetAsync(StoreCalls calls, string id, string key)
    {
        while (await HeaderAsync(calls, id).ConfigureAwait(false) is { } header)
        {
            Entry? found = await calls.FindAsync(SessionLayout.DataOf(header.Token, key), key).ConfigureAwait(false);
            if (found is not null || await IsStillAsync(calls, header).ConfigureAwait(false))
            {
                await RenewAsync(calls, header).ConfigureAwait(false);
                return found is { } entry ? Encoding.UTF8.GetString(entry.Value.Span) : null;
            }
        }

        return null;
    }

    internal async ValueTask<bool> SetAsync(StoreCalls calls, string id, string key, byte[] value)
    {
        while (true)
        {
            SessionHeader? present = await HeaderAsync(calls, id).ConfigureAwait(false);
            CheckValue(value);
            bool isDone = present is { } header
                ? await SetInAsync(calls, header, key, value).ConfigureAwait(false)
                : await BeginWithAsync(calls, id, key, value).ConfigureAwait(false);
            if (isDone)
            {
                return true;
            }
        }
    }

    internal static async ValueTask<bool> DeleteAsync(StoreCalls calls, string id, string key)
    {
        while (await HeaderAsync(calls, id).ConfigureAwait(false) is { } header)
        {
            Entry? found = await calls.FindAsync(SessionLayout.DataOf(header.Token, key), key).ConfigureAwait(false);
            SessionLedger? kept = found is null ? null : await LedgerAsync(calls, header).ConfigureAwait(false);
            if (found is not { } entry || kept is not { } ledger)
            {
                if (await IsStillAsync(calls, header).ConfigureAwait(false))
                {
                    return false;
                }

                continue;
            }

            WriteBatch batch = Require(header).Require(SessionLayout.LedgerOf(header.Token), ledger.Version).Require(entry.Key, entry.Version)
                .Remove(entry.Key).SetLedger(header.Token, id, Math.Max(0, ledger.Keys - 1), Expiry.Keep);
            if (await calls.WriteAsync(batch, key).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    internal static async ValueTask<int> ClearAsync(StoreCalls calls, string id)
    {
        while (await AliveAsync(calls, id).ConfigureAwait(false) is var (header, ledger))
        {
            if (ledger.Keys == 0)
            {
                return 0;
            }

            string token = SessionLayout.NewToken();
            WriteBatch batch = Require(header).Require(SessionLayout.LedgerOf(header.Token), ledger.Version)
                .SetHeader(id, token, header.RenewedAt, Expiry.Keep).SetLedger(token, id, keys: 0, AbsoluteOf(ledger));
            if (await calls.WriteAsync(batch, id).ConfigureAwait(false))
            {
                await SessionSweep.TryBuryAsync(calls.ToTheEnd(), ledger).ConfigureAwait(false);
                return ledger.Keys;
            }
        }

        return 0;
    }

    internal static async ValueTask<bool> EndAsync(StoreCalls calls, string id)
    {
        while (await AliveAsync(calls, id).ConfigureAwait(false) is var (header, ledger))
        {
            if (await calls.WriteAsync(Require(header).Remove(SessionLayout.HeaderOf(id)), id).ConfigureAwait(false))
            {
                await SessionSweep.TryBuryAsync(calls.ToTheEnd(), ledger).ConfigureAwait(false);
                return true;
            }
        }

        return false;
    }

    internal static async ValueTask<IReadOnlyList<string>> KeysAsync(StoreCalls calls, string id)
    {
        while (await HeaderAsync(calls, id).ConfigureAwait(false) is { } header)
        {
            string prefix = SessionLayout.DataOf(header.Token);
            List<Entry> entries = await calls.ListAsync(prefix).ConfigureAwait(false);
            if (await IsStillAsync(calls, header).ConfigureAwait(false))
            {
                return entries.ConvertAll(entry => entry.Key[prefix.Length..]);
            }
        }

        return [];
    }

    internal async ValueTask<string> RotateAsync(StoreCalls calls, string id)
    {
        string next = SessionLayout.NewId();
        while (await AliveAsync(calls, id).ConfigureAwait(false) is var (header, ledger))
        {
            WriteBatch batch = Require(header).Require(SessionLayout.LedgerOf(header.Token), ledger.Version).Remove(SessionLayout.HeaderOf(id))
                .SetHeader(next, header.Token, _clock.Now, Idle ?? AbsoluteOf(ledger)).SetLedger(header.Token, next, ledger.Keys, Expiry.Keep);
            if (await calls.WriteAsync(batch, id).ConfigureAwait(false))
            {
                return next;
            }
        }

        throw new SessionNotFoundException("there is no such session, so it cannot be rotated: it never began, has ended, or its time was up.");
    }

    internal async ValueTask<bool> TouchAsync(StoreCalls calls, string id)
    {
        while (await AliveAsync(calls, id).ConfigureAwait(false) is var (header, _))
        {
            if (Idle is not { } idle || await calls.WriteAsync(Require(header).SetHeader(id, header.Token, _clock.Now, idle), id).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private Expiry? Idle => options.IdleTimeout is { } idle ? idle : null;

    private Expiry Absolute => options.AbsoluteTimeout is { } absolute ? absolute : Expiry.None;

    private static Expiry AbsoluteOf(in SessionLedger ledger) => ledger.ExpiresAt is { } deadline ? deadline : Expiry.None;

    private static WriteBatch Require(in SessionHeader header) => new WriteBatch().Require(SessionLayout.HeaderOf(header.Id), header.Version);

    private WriteBatch Begin(WriteBatch batch, string id, string token, int keys) =>
        batch.SetHeader(id, token, _clock.Now, Idle ?? Absolute).SetLedger(token, id, keys, Absolute);

    private async ValueTask<bool> BeginWithAsync(StoreCalls calls, string id, string key, byte[] value)
    {
        if (options.Strict)
        {
            throw new SessionNotFoundException("there is no such session, and strict ones begin by Create only: it never began, has ended, or its time was up.");
        }

        string token = SessionLayout.NewToken();
        WriteBatch batch = Begin(new WriteBatch().Require(SessionLayout.HeaderOf(id), 0), id, token, keys: 1)
            .SetOwned(SessionLayout.DataOf(token, key), value, Absolute, ValueKind.Text);
        return await calls.WriteAsync(batch, key).ConfigureAwait(false);
    }

    /// <summary>False when somebody was faster, or the session turned out to be over.</summary>
    private async ValueTask<bool> SetInAsync(StoreCalls calls, SessionHeader header, string key, byte[] value)
    {
        string place = SessionLayout.DataOf(header.Token, key);
        WriteBatch batch = Require(header);
        if (await calls.FindAsync(place, key).ConfigureAwait(false) is { } present)
        {
            batch.Require(place, present.Version).SetOwned(place, value, Expiry.Keep, ValueKind.Text);
        }
        else if (await LedgerAsync(calls, header).ConfigureAwait(false) is { } ledger)
        {
            batch.Require(SessionLayout.LedgerOf(header.Token), ledger.Version).Require(place, 0);
            if (ledger.Keys >= options.MaxKeysPerSession)
            {
                // What was read was perhaps never true at one moment; the requirements alone are, if they hold.
                return await calls.WriteAsync(batch, key).ConfigureAwait(false)
                    ? throw new StoreLimitException(nameof(SessionOptions.MaxKeysPerSession), options.MaxKeysPerSession, ledger.Keys + 1L, "keys")
                    : false;
            }

            batch.SetOwned(place, value, AbsoluteOf(ledger), ValueKind.Text).SetLedger(header.Token, header.Id, ledger.Keys + 1, Expiry.Keep);
        }
        else
        {
            // Over by its absolute deadline; the header only waits for the idle one.
            await calls.WriteAsync(batch.Remove(SessionLayout.HeaderOf(header.Id)), header.Id).ConfigureAwait(false);
            return false;
        }

        if (IsWorthRenewing(header))
        {
            batch.SetHeader(header.Id, header.Token, _clock.Now, Idle!.Value);
        }

        return await calls.WriteAsync(batch, key).ConfigureAwait(false);
    }

    /// <summary>Renews a session that was used, unless that was done a moment ago. Who is refused was overtaken by somebody who changed the header: then it is theirs.</summary>
    private async ValueTask RenewAsync(StoreCalls calls, SessionHeader header)
    {
        if (IsWorthRenewing(header) && await LedgerAsync(calls, header).ConfigureAwait(false) is not null)
        {
            await calls.WriteAsync(Require(header).SetHeader(header.Id, header.Token, _clock.Now, Idle!.Value), header.Id).ConfigureAwait(false);
        }
    }

    /// <summary>A clock that was set back, or another machine's that is ahead, makes renewals more frequent, never rarer.</summary>
    private bool IsWorthRenewing(in SessionHeader header)
    {
        long age = _clock.Now - header.RenewedAt;
        return options.IdleTimeout is { } idle && (age < 0 || age >= idle.Ticks / RenewalsPerTimeout);
    }

    private static async ValueTask<(SessionHeader Header, SessionLedger Ledger)?> AliveAsync(StoreCalls calls, string id)
    {
        while (await HeaderAsync(calls, id).ConfigureAwait(false) is { } header)
        {
            if (await LedgerAsync(calls, header).ConfigureAwait(false) is { } ledger)
            {
                return (header, ledger);
            }

            if (await IsStillAsync(calls, header).ConfigureAwait(false))
            {
                return null;
            }
        }

        return null;
    }

    private static async ValueTask<SessionHeader?> HeaderAsync(StoreCalls calls, string id) =>
        await calls.FindAsync(SessionLayout.HeaderOf(id), id).ConfigureAwait(false) is { } entry ? SessionLayout.Header(id, entry) : null;

    private static async ValueTask<SessionLedger?> LedgerAsync(StoreCalls calls, SessionHeader header) =>
        await calls.FindAsync(SessionLayout.LedgerOf(header.Token), header.Token).ConfigureAwait(false) is { } entry ? SessionLayout.Ledger(entry) : null;

    /// <summary>Whether the header leads to the same token as before, and so did all the while.</summary>
    private static async ValueTask<bool> IsStillAsync(StoreCalls calls, SessionHeader header) =>
        await HeaderAsync(calls, header.Id).ConfigureAwait(false) is { } now && now.Token == header.Token;

    private void CheckValue(byte[] value)
    {
        if (value.Length > options.MaxValueBytes)
        {
            throw new StoreLimitException(nameof(SessionOptions.MaxValueBytes), options.MaxValueBytes, value.Length, "bytes");
        }
    }
}
