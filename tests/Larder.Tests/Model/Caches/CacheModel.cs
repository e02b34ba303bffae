namespace Larder.Tests.Model.Caches;

/// <summary>What a cache should hold: a dictionary and rules, no queue, no policy. Whom the bound drives out it learns from what the cache tells.</summary>
internal sealed class CacheModel(TimeSpan? sliding)
{
    public const long Never = long.MaxValue;

    private readonly Dictionary<int, Held> _held = [];

    /// <summary>Entries held, those that are due and have not been told as expired included.</summary>
    public int Count => _held.Count;

    public long Weight => _held.Values.Sum(held => held.Weight);

    public IEnumerable<int> Due(long now) => _held.Where(pair => pair.Value.Deadline <= now).Select(pair => pair.Key);

    public Held? Find(int key) => _held.TryGetValue(key, out Held held) ? held : null;

    public Held? Alive(int key, long now) => Find(key) is { } held && held.Deadline > now ? held : null;

    /// <summary>A hit: a sliding expiry is prolonged.</summary>
    public long? Get(int key, long now)
    {
        if (Alive(key, now) is not { } held)
        {
            return null;
        }

        if (sliding is { } by && now + by.Ticks > held.Deadline)
        {
            _held[key] = held with { Deadline = Math.Min(held.Limit, now + by.Ticks) };
        }

        return held.Value;
    }

    /// <summary>When an entry ends that is written now.</summary>
    public (long Deadline, long Limit) Times(Lifetime lifetime, int key, long now)
    {
        long limit = lifetime.Kind switch
        {
            LifetimeKind.None => Never,
            LifetimeKind.For => now + lifetime.Ticks,
            LifetimeKind.Keep => Alive(key, now)?.Limit ?? Never,
            _ => Alive(key, now)?.Limit ?? now + lifetime.Ticks,
        };
        return (sliding is { } by ? Math.Min(limit, now + by.Ticks) : limit, limit);
    }

    public void Put(int key, Held held) => _held[key] = held;

    /// <summary>Whether this value was there under this key, which it is no longer.</summary>
    public bool Leave(int key, long value) => _held.TryGetValue(key, out Held held) && held.Value == value && _held.Remove(key);
}

/// <summary>An entry: its end, and how far a sliding expiry can push that.</summary>
internal readonly record struct Held(long Value, long Deadline, long Limit, long Weight);

internal enum LifetimeKind
{
    None,
    For,
    Keep,
    WhenNew,
}

/// <summary>An expiry as a test says it, which knows what it means.</summary>
internal readonly record struct Lifetime(LifetimeKind Kind, long Ticks = 0)
{
    public Expiry Expiry => Kind switch
    {
        LifetimeKind.None => Expiry.None,
        LifetimeKind.For => Expiry.In(new TimeSpan(Ticks)),
        LifetimeKind.Keep => Expiry.Keep,
        _ => Expiry.WhenNew(new TimeSpan(Ticks)),
    };

    public static Lifetime Random(Random random) => random.Next(6) switch
    {
        0 => new(LifetimeKind.For, random.Next(0, 20_000) * TimeSpan.TicksPerMillisecond),
        1 => new(LifetimeKind.For, random.Next(0, 50)),
        2 => new(LifetimeKind.Keep),
        3 => new(LifetimeKind.WhenNew, random.Next(0, 5_000) * TimeSpan.TicksPerMillisecond),
        _ => new(LifetimeKind.None),
    };
}
