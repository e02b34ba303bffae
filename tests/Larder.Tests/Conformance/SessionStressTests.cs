using System.Collections.Concurrent;
using System.Globalization;
using Larder.Tests.Concurrency;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>What threads may do to one session at once, and what must hold all the same. The store pauses whoever calls it, now and then.</summary>
[Collection(nameof(Concurrency))]
public sealed class SessionStressTests : IDisposable
{
    private static readonly int _factor = Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 20 : 1;

    private readonly ManualTimeProvider _clock = new();
    private readonly Store _store;
    private readonly PausingStore _pausing;

    public SessionStressTests()
    {
        _store = new Store(new StoreOptions { TimeProvider = _clock });
        _pausing = new PausingStore(_store);
    }

    [Fact]
    public void Racing_writers_never_exceed_the_quota_and_the_count_stays_exact()
    {
        const int Quota = 8;
        SessionStorage sessions = Sessions(options => options.MaxKeysPerSession = Quota);
        string id = sessions.Create();
        int refused = 0;
        int most = 0;

        Together.Run(
            4,
            writer =>
            {
                for (int i = 0; i < 2_000 * _factor; i++)
                {
                    string key = Key(Perturbation.Next(2 * Quota));
                    if (Perturbation.Next(3) == 0)
                    {
                        sessions.Delete(id, key);
                        continue;
                    }

                    try
                    {
                        sessions.Set(id, key, "v");
                    }
                    catch (StoreLimitException)
                    {
                        Interlocked.Increment(ref refused);
                    }
                }
            },
            1,
            _ =>
            {
                int keys = sessions.Keys(id).Count;
                Assert.InRange(keys, 0, Quota);
                most = Math.Max(most, keys);
            });

        Assert.True(refused > 0);
        int left = sessions.Keys(id).Count;
        for (; left < Quota; left++)
        {
            sessions.Set(id, $"fill {left}", "v");   // exactly as many fit as are missing
        }

        Assert.Throws<StoreLimitException>(() => sessions.Set(id, "one more", "v"));
        _store.VerifyIntegrity();
        Figures.Print($"session quota: {8_000 * _factor} racing sets and deletes at a quota of {Quota}, {refused} refused, at most {most} keys seen");
    }

    [Fact]
    public void Nothing_acknowledged_is_lost_by_rotations_and_nothing_lands_under_an_old_id()
    {
        SessionStorage sessions = Sessions(options => (options.Strict, options.MaxKeysPerSession) = (true, 1_000_000));
        string current = sessions.Create();
        var acknowledged = new ConcurrentDictionary<string, string>();
        int rotations = 0;
        int late = 0;

        Together.Run(
            3,
            writer =>
            {
                for (int i = 0; i < 1_000 * _factor; i++)
                {
                    (string key, string value) = (Key(writer, i), Perturbation.Next(1000).ToString(CultureInfo.InvariantCulture));
                    while (true)
                    {
                        try
                        {
                            sessions.Set(Volatile.Read(ref current), key, value);
                            break;
                        }
                        catch (SessionNotFoundException)
                        {
                            Interlocked.Increment(ref late);
                        }
                    }

                    acknowledged[key] = value;
                    Assert.Equal(value, ReadWherever(key));
                }
            },
            2,
            reader =>
            {
                if (reader == 0)
                {
                    string old = current;
                    Volatile.Write(ref current, sessions.Rotate(old));
                    rotations++;
                    Assert.Null(sessions.Get(old, Key(0, 0)));
                    Assert.Throws<SessionNotFoundException>(() => sessions.Set(old, "planted", "v"));
                }
                else
                {
                    sessions.Sweep();
                }
            });

        Assert.Equal(acknowledged.Keys.Order(StringComparer.Ordinal), sessions.Keys(current));
        Assert.All(acknowledged, pair => Assert.Equal(pair.Value, sessions.Get(current, pair.Key)));
        Assert.Equal(acknowledged.Count, sessions.Clear(current));
        Figures.Print($"session rotation: {rotations} rotations beside {acknowledged.Count} sets and a sweep, {late} sets came too late and were told, 0 lost");

        string? ReadWherever(string key)
        {
            while (true)
            {
                string id = Volatile.Read(ref current);
                if (sessions.Get(id, key) is { } value)
                {
                    return value;
                }

                Assert.False(sessions.Touch(id) && id == Volatile.Read(ref current) && sessions.Get(id, key) is null && sessions.Touch(id), $"{key} is lost");
            }
        }
    }

    [Fact]
    public void Every_key_that_was_set_is_cleared_once_or_still_there()
    {
        SessionStorage sessions = Sessions(options => options.MaxKeysPerSession = 1_000_000);
        string id = sessions.Create();
        long cleared = 0;
        int clears = 0;
        const int Writers = 3;
        int each = 1_500 * _factor;

        Together.Run(
            Writers,
            writer =>
            {
                for (int i = 0; i < each; i++)
                {
                    sessions.Set(id, Key(writer, i), "v");
                }
            },
            2,
            reader =>
            {
                if (reader == 0)
                {
                    int count = sessions.Clear(id);
                    cleared += count;
                    clears += count > 0 ? 1 : 0;
                }
                else
                {
                    sessions.Sweep();
                }
            });

        Assert.Equal(Writers * each, cleared + sessions.Keys(id).Count);
        sessions.Clear(id);
        sessions.Sweep();
        Assert.Equal(2, _store.Count());   // the header and the ledger
        _store.VerifyIntegrity();
        Figures.Print($"session clearing: {Writers * each} sets beside {clears} clears and a sweep, every key accounted for");
    }

    [Fact]
    public void When_a_session_expires_no_reader_finds_any_of_it_again()
    {
        int rounds = 150 * _factor;
        for (int round = 0; round < rounds; round++)
        {
            bool isAbsolute = round % 2 == 0;
            SessionStorage sessions = Sessions(options =>
            {
                options.Strict = true;
                options.AbsoluteTimeout = isAbsolute ? TimeSpan.FromMinutes(30) : null;
            });
            string id = sessions.Create();
            string[] keys = ["a", "b", "c"];
            foreach (string key in keys)
            {
                sessions.Set(id, key, "v");
            }

            bool isGone = false;
            Together.Run(
                1,
                _ =>
                {
                    for (int step = 0; step < 4; step++)
                    {
                        Perturbation.Pause();
                        _clock.Advance(TimeSpan.FromMinutes(isAbsolute ? 10 : 21));
                    }
                },
                3,
                reader =>
                {
                    bool wasGone = Volatile.Read(ref isGone);
                    string key = keys[Perturbation.Next(keys.Length)];
                    bool isHere = reader switch
                    {
                        0 => sessions.Get(id, key) is not null,
                        1 => sessions.Keys(id) is { Count: > 0 } found && (found.Count == 3 ? true : throw new InvalidOperationException($"{found.Count} of 3 keys")),
                        _ => TrySet(sessions, id, key),
                    };
                    Assert.False(wasGone && isHere, "somebody was told that it is gone, and somebody found it later");
                    if (!isHere)
                    {
                        Volatile.Write(ref isGone, true);
                    }

                    sessions.Sweep();
                });

            Assert.Empty(sessions.Keys(id));
        }

        _clock.Advance(TimeSpan.FromHours(1));
        Sessions().Sweep();
        Assert.Equal(0, _store.Count());
        Figures.Print($"session expiry: {rounds} sessions expired under 3 readers, writers and sweeps, none was seen afterwards or in part");
    }

    [Fact]
    public void Sessions_begun_by_racing_sets_are_one_session()
    {
        SessionStorage sessions = Sessions();
        int rounds = 300 * _factor;
        for (int round = 0; round < rounds; round++)
        {
            string id = $"visitor {round}";
            Together.Run(3, writer => sessions.Set(id, Key(writer), "v"));
            Assert.Equal(3, sessions.Keys(id).Count);
        }

        Assert.Equal(0, sessions.Sweep());
        Assert.Equal(rounds * 5, _store.Count());
    }

    [Fact]
    public void Local_storage_loses_no_update_and_no_increment()
    {
        LocalStorage local = _pausing.LocalStorage();
        int each = 500 * _factor;

        Together.Run(4, _ =>
        {
            for (int i = 0; i < each; i++)
            {
                local.Update("updated", old => ((old is null ? 0 : int.Parse(old, CultureInfo.InvariantCulture)) + 1).ToString(CultureInfo.InvariantCulture));
                local.Increment("counted");
            }
        });

        Assert.Equal((4 * each).ToString(CultureInfo.InvariantCulture), local.Get("updated"));
        Assert.Equal((4 * each).ToString(CultureInfo.InvariantCulture), local.Get("counted"));
    }

    public void Dispose()
    {
        _pausing.Dispose();
        _store.Dispose();
    }

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"key {number}");

    private static string Key(int writer, int number) => string.Create(CultureInfo.InvariantCulture, $"{writer}:{number}");

    private static bool TrySet(SessionStorage sessions, string id, string key)
    {
        try
        {
            sessions.Set(id, key, "v");
            return true;
        }
        catch (SessionNotFoundException)
        {
            return false;
        }
    }

    private SessionStorage Sessions(Action<SessionOptions>? configure = null)
    {
        var options = new SessionOptions { SweepInterval = Timeout.InfiniteTimeSpan, TimeProvider = _clock };
        configure?.Invoke(options);
        return _pausing.Sessions(options);
    }

    /// <summary>Between two calls to a store anything may happen; here it does.</summary>
    private sealed class PausingStore(IStore inner) : ForwardingStore(inner)
    {
        public override bool TryGet(string key, out Entry entry)
        {
            bool found = Inner.TryGet(key, out entry);
            Perturbation.Pause();
            return found;
        }
    }
}
