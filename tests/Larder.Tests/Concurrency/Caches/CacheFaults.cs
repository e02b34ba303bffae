using System.Collections.Concurrent;

namespace Larder.Tests.Concurrency.Caches;

/// <summary>An add that looks first and sets then: somebody else may have been between the two.</summary>
internal sealed class AddsTooLate(Cache<string, Item> cache) : CacheFace(cache)
{
    public override bool TryAdd(string key, Item item, Expiry expiry)
    {
        if (TryGet(key, out _))
        {
            return false;
        }

        Perturbation.Pause();
        Inner.Set(key, item, expiry);
        return true;
    }
}

/// <summary>A removal that tells what it read a moment before.</summary>
internal sealed class TellsWhatAnotherRemoved(Cache<string, Item> cache) : CacheFace(cache)
{
    public override bool TryRemove(string key, out Item? item)
    {
        bool found = TryGet(key, out item);
        Perturbation.Pause();
        return found && Inner.Remove(key) | true;
    }
}

/// <summary>A load that stores its result whatever happened meanwhile.</summary>
internal sealed class LoadsOverWrites(Cache<string, Item> cache) : CacheFace(cache)
{
    public override Item GetOrAdd(string key, Func<Item> make)
    {
        if (!TryGet(key, out Item? item))
        {
            item = make();
            Perturbation.Pause();
            Inner.Set(key, item, item.Expiry);
        }

        return item!;
    }
}

/// <summary>A read that clears away what it found expired, without looking again: it may have been refreshed meanwhile.</summary>
internal sealed class ClearsAwayWhatWasRefreshed(Cache<string, Item> cache) : CacheFace(cache)
{
    public override bool TryGet(string key, out Item? item)
    {
        bool found = Inner.TryGet(key, out item);
        if (!found)
        {
            Perturbation.Pause();
            Inner.Remove(key);
        }

        return found;
    }
}

/// <summary>A reader that trusts a copy made before the removal was over: what a missing second look at the slot's version comes to.</summary>
internal sealed class ReadsWithoutLookingAgain(Cache<string, Item> cache) : CacheFace(cache)
{
    private readonly ConcurrentDictionary<string, Item> _copies = new();

    public override bool TryGet(string key, out Item? item)
    {
        if (_copies.TryRemove(key, out item) && Perturbation.Next(4) == 0)
        {
            return true;
        }

        bool found = Inner.TryGet(key, out item);
        if (found)
        {
            _copies[key] = item!;
        }

        return found;
    }
}
