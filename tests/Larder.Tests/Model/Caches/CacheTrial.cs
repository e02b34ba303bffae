using System.Globalization;
using Xunit;

namespace Larder.Tests.Model.Caches;

/// <summary>Calls a cache at random, one call after the other, and compares every answer, every figure and everything it tells with the model.</summary>
internal sealed class CacheTrial : IDisposable
{
    private readonly Random _random;
    private readonly ManualTimeProvider _clock = new();
    private readonly List<(int Key, long Value, RemovalReason Reason)> _told = [];
    private readonly Cache<int, long> _cache;
    private readonly CacheModel _model;
    private readonly bool _isWeighted;
    private readonly Lifetime _default;
    private readonly int _keys;
    private long _bound;
    private long _values;
    private long _hits;
    private long _misses;
    private long _evictions;
    private long _expirations;

    public CacheTrial(int seed)
    {
        _random = new Random(seed);
        _isWeighted = _random.Next(3) == 0;
        _bound = new[] { 1, 2, 5, 20, 100 }[_random.Next(5)] * (_isWeighted ? 5 : 1);
        _keys = (int)(_bound * 2) + 2;
        TimeSpan? sliding = _random.Next(3) == 0 ? TimeSpan.FromMilliseconds(_random.Next(1, 5_000)) : null;
        _default = _random.Next(2) == 0 ? new(LifetimeKind.None) : Lifetime.Random(_random);
        _model = new CacheModel(sliding);
        var options = new CacheOptions<int, long>
        {
            Capacity = _isWeighted ? null : (int)_bound,
            MaxWeight = _isWeighted ? _bound : null,
            Weigher = _isWeighted ? static (_, value) => WeightOf(value) : null,
            SlidingExpiry = sliding,
            TimeProvider = _clock,
            Removed = (key, value, reason) => _told.Add((key, value, reason)),
        };
        if (_random.Next(2) == 0)
        {
            options.ExpiryOf = (_, _) => _default.Expiry;
        }
        else
        {
            options.Expiry = _default.Expiry;
        }

        _cache = new Cache<int, long>(options);
    }

    private long Now => _clock.GetTimestamp();

    public void Run(int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            _told.Clear();
            Step(_random.Next(_keys));
            CheckFigures();
        }

        _told.Clear();
        _clock.Advance(TimeSpan.FromDays(1));
        Settle();
        Assert.Empty(_model.Due(Now));
        _told.Clear();
        _cache.Clear();
        Settle(reason => reason == RemovalReason.Cleared);
        Assert.Equal(0, _model.Count);
        CheckFigures();
    }

    public void Dispose() => _cache.Dispose();

    private static long WeightOf(long value) => value % 7;

    private void Step(int key)
    {
        switch (_random.Next(20))
        {
            case < 5:
                Assert.Equal(_model.Get(key, Now), Look(key));
                Settle();
                break;
            case < 10:
                Set(key);
                break;
            case < 12:
                Add(key);
                break;
            case 12:
                bool wasThere = _model.Alive(key, Now) is not null;
                Assert.Equal(wasThere, _cache.Remove(key));
                Settle(reason => reason == RemovalReason.Removed && wasThere, key);
                Assert.Null(_model.Alive(key, Now));
                break;
            case 13:
                long? there = _model.Alive(key, Now)?.Value;
                Assert.Equal(there, _cache.TryRemove(key, out long removed) ? removed : null);
                Settle(reason => reason == RemovalReason.Removed && there is not null, key);
                Assert.Null(_model.Alive(key, Now));
                break;
            case < 16:
                Load(key);
                break;
            case 16:
                GetMany();
                break;
            case 17:
                _clock.Advance(TimeSpan.FromMilliseconds(_random.Next(2_000)));
                Settle();
                break;
            case 18:
                _clock.Advance(TimeSpan.FromTicks(_random.Next(20)));
                Settle();
                break;
            default:
                Rarely();
                break;
        }
    }

    private long? Look(int key)
    {
        bool found = _cache.TryGet(key, out long value);
        Count(found);
        return found ? value : null;
    }

    private void Count(bool found)
    {
        _hits += found ? 1 : 0;
        _misses += found ? 0 : 1;
    }

    private void Set(int key)
    {
        (Lifetime lifetime, Expiry expiry) = Choose();
        long value = ++_values;
        Held next = Next(key, value, lifetime);
        long weightBefore = _model.Weight;
        _cache.Set(key, value, expiry);
        Written(key, next, weightBefore);
    }

    private void Add(int key)
    {
        (Lifetime lifetime, Expiry expiry) = Choose();
        long value = ++_values;
        bool absent = _model.Alive(key, Now) is null;
        Held next = Next(key, value, lifetime);
        long weightBefore = _model.Weight;
        Assert.Equal(absent, _cache.TryAdd(key, value, expiry));
        if (absent)
        {
            Written(key, next, weightBefore);
        }
        else
        {
            Settle();
        }
    }

    private void Load(int key)
    {
        long value = ++_values;
        long? found = _model.Get(key, Now);
        Count(found is not null);
        Held next = Next(key, value, _default);
        long weightBefore = _model.Weight;
        switch (_random.Next(4))
        {
            case 0 when found is null:
                Assert.Throws<InvalidOperationException>(() => _cache.GetOrAdd(key, _ => throw new InvalidOperationException()));
                Settle();
                return;
            case 1 when found is null:
                Assert.Equal(value, _cache.GetOrAdd(key, asked =>
                {
                    Set(asked);   // it wins over what is returned here
                    return value;
                }));
                Settle();
                return;
            case 2:
                Assert.Equal(found ?? value, _cache.GetOrAddAsync(key, (_, _) => new ValueTask<long>(value)).AsTask().GetAwaiter().GetResult());
                break;
            default:
                Assert.Equal(found ?? value, _cache.GetOrAdd(key, static (_, value) => value, value));
                break;
        }

        if (found is null)
        {
            Written(key, next, weightBefore);
        }
        else
        {
            Settle();
        }
    }

    private void GetMany()
    {
        int[] keys = [.. Enumerable.Range(0, _random.Next(70)).Select(_ => _random.Next(_keys))];
        long[] values = new long[keys.Length];
        bool[] found = new bool[keys.Length];
        long?[] expected = [.. keys.Select(key => _model.Get(key, Now))];

        Assert.Equal(expected.Count(value => value is not null), _cache.GetMany(keys, values.AsSpan()!, found));

        Assert.Equal(expected, found.Zip(values, (isFound, value) => isFound ? value : (long?)null));
        Array.ForEach(found, Count);
        Settle();
    }

    private void Rarely()
    {
        switch (_random.Next(6))
        {
            case 0:
                _cache.Clear();
                Settle(reason => reason == RemovalReason.Cleared);
                Assert.Equal(0, _model.Count);
                break;
            case < 3:
                long before = _isWeighted ? _model.Weight : _model.Count;
                _bound = _random.Next(1, _keys);
                if (_isWeighted)
                {
                    _cache.MaxWeight = _bound;
                }
                else
                {
                    _cache.Capacity = (int)_bound;
                }

                Settle(mayEvict: before > _bound);
                break;
            default:
                Assert.Equal((_model.Count, _model.Weight), Shown(_cache.VerifyIntegrity()));
                break;
        }
    }

    private (Lifetime Lifetime, Expiry Expiry) Choose()
    {
        if (_random.Next(2) == 0)
        {
            return (_default, default);
        }

        Lifetime own = Lifetime.Random(_random);
        return (own, own.Expiry);
    }

    private Held Next(int key, long value, Lifetime lifetime)
    {
        (long deadline, long limit) = _model.Times(lifetime, key, Now);
        return new Held(value, deadline, limit, _isWeighted ? WeightOf(value) : 1);
    }

    /// <summary>After a write: what was under the key has left; the newcomer is there, unless its time is over or it is heavier than everything.</summary>
    private void Written(int key, Held next, long weightBefore)
    {
        bool isOver = next.Deadline <= Now;
        bool isTooHeavy = !isOver && next.Weight > _bound;
        Held? old = _model.Find(key);
        long weightWithIt = weightBefore - (old?.Weight ?? 0) + next.Weight;
        bool wasAlive = _model.Alive(key, Now) is not null;
        if (isTooHeavy)
        {
            Assert.Equal(1, _told.RemoveAll(told => told == (key, next.Value, RemovalReason.Evicted)));
            _evictions++;
        }

        RemovalReason ends = wasAlive && !isOver ? RemovalReason.Replaced : RemovalReason.Expired;
        Settle(reason => reason == ends, key, mayEvict: !isOver && !isTooHeavy && weightWithIt > _bound);
        Assert.True(_model.Find(key) is null, $"nobody was told that {old} left, which was replaced");
        if (!isOver && !isTooHeavy)
        {
            _model.Put(key, next);
        }
    }

    /// <summary>Takes what was told out of the model: what is due may be told as expired at any time, all else has to be expected.</summary>
    private void Settle(Func<RemovalReason, bool>? isExpected = null, int? key = null, bool mayEvict = false)
    {
        foreach ((int Key, long Value, RemovalReason Reason) told in _told)
        {
            bool isDue = _model.Find(told.Key) is { } held && held.Deadline <= Now;
            Assert.True(_model.Leave(told.Key, told.Value), $"told of {told}, which was not there");
            bool isRight = told.Reason switch
            {
                RemovalReason.Evicted => mayEvict,
                RemovalReason.Expired when isDue => true,
                _ => isExpected is not null && isExpected(told.Reason) && (key is null || key == told.Key),
            };
            Assert.True(isRight, $"told of {told}, for no reason");
            _evictions += told.Reason == RemovalReason.Evicted ? 1 : 0;
            _expirations += told.Reason == RemovalReason.Expired ? 1 : 0;
        }

        _told.Clear();
    }

    private void CheckFigures()
    {
        CacheStatistics figures = _cache.Statistics;
        Assert.Equal((_model.Count, _model.Weight), Shown(((int)figures.Entries, figures.Weight)));
        Assert.Equal(_model.Count, _cache.Count);
        Assert.InRange(_isWeighted ? figures.Weight : figures.Entries, 0, _bound);
        Assert.Equal((_hits, _misses, _evictions, _expirations), (figures.Hits, figures.Misses, figures.Evictions, figures.Expirations));
    }

    private static (int Count, long Weight) Shown((int Count, long Weight) figures) => figures;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"bound {_bound}{(_isWeighted ? " by weight" : "")}, default {_default}");
}
