using System.Collections.Concurrent;
using System.Diagnostics;

namespace Larder.Tests.Concurrency.Caches;

/// <summary>Calls a cache, and hears from it what the bound drove out.</summary>
internal sealed class CacheCaller(ManualTimeProvider clock) : ICaller
{
    private static readonly CallKind[] _kinds =
    [
        CallKind.Get, CallKind.Get, CallKind.Set, CallKind.Set, CallKind.Add, CallKind.Remove, CallKind.Take, CallKind.Load, CallKind.Load, CallKind.Clear,
    ];

    private readonly ConcurrentQueue<(string Key, Item Item, RemovalReason Reason, long At)> _left = new();
    private List<string> _keys = [];

    /// <summary>The cache, or a fault around it.</summary>
    public required CacheFace Cache { get; set; }

    /// <summary>What left during the history, as calls of the kind <see cref="CallKind.Evict"/>.</summary>
    public IEnumerable<Call> Evictions =>
        from left in _left
        where left.Reason == RemovalReason.Evicted
        select new Call
        {
            Kind = CallKind.Evict, Key = _keys.IndexOf(left.Key), Argument = left.Item.Number, Called = long.MinValue, Returned = left.At, ClockAtReturn = Call.Never,
        };

    /// <summary>For the cache's <c>Removed</c>.</summary>
    public void Hear(string key, Item item, RemovalReason reason)
    {
        Perturbation.Pause();
        _left.Enqueue((key, item, reason, Stopwatch.GetTimestamp()));
    }

    public void Begin(IReadOnlyList<string> keys)
    {
        _keys = [.. keys];
        _left.Clear();
    }

    public void End(IReadOnlyList<string> keys) => Cache.Clear();

    public Call Next(int keys, int argument, TimeSpan step)
    {
        var call = new Call { Kind = _kinds[Perturbation.Next(_kinds.Length)], Key = Perturbation.Next(keys), Argument = argument };
        call.Deadline = Perturbation.Next(3) switch
        {
            0 when call.Kind == CallKind.Set => Call.Keep,
            1 => Call.Never,
            _ => clock.GetTimestamp() + (Perturbation.Next(ICaller.DeadlineSteps) * step.Ticks),
        };
        return call;
    }

    public void Make(string key, ref Call call)
    {
        var item = new Item(call.Argument, call.Deadline);
        Expiry expiry = call.Deadline == Call.Keep || Perturbation.Next(2) == 0 ? call.Expiry : default;   // the default asks ExpiryOf
        Item? found = null;
        switch (call.Kind)
        {
            case CallKind.Get:
                call.Answer = Perturbation.Next(4) == 0 ? Cache.GetMany(key, out found) : Cache.TryGet(key, out found);
                break;
            case CallKind.Set:
                Cache.Set(key, item, expiry);
                break;
            case CallKind.Add:
                call.Answer = Cache.TryAdd(key, item, expiry);
                break;
            case CallKind.Remove:
                call.Answer = Cache.Remove(key);
                break;
            case CallKind.Take:
                call.Answer = Cache.TryRemove(key, out found);
                break;
            case CallKind.Clear:
                Cache.Clear();
                break;
            default:
                bool ran = false;
                found = Cache.GetOrAdd(key, () =>
                {
                    ran = true;
                    Perturbation.Pause();
                    return item;
                });
                call.Ran = ran;
                break;
        }

        call.Value = found?.Number ?? 0;
    }
}
