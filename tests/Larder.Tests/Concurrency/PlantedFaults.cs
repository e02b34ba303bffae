using System.Globalization;
using System.Text;

namespace Larder.Tests.Concurrency;

/// <summary>An increment that reads, then sets: two at once lose one.</summary>
internal sealed class LosesIncrements(IStore inner) : ForwardingStore(inner)
{
    public override long Increment(string key, long by = 1, Expiry expiry = default)
    {
        long count = Inner.TryGet(key, out Entry entry) ? long.Parse(entry.Value.Span, CultureInfo.InvariantCulture) : 0;
        Perturbation.Pause();
        Inner.Set(key, Encoding.ASCII.GetBytes((count + by).ToString(CultureInfo.InvariantCulture)), Expiry.Keep);
        return count + by;
    }
}

/// <summary>A touch that writes back what it read a moment ago: what was removed meanwhile rises again.</summary>
internal sealed class ResurrectsWhatWasRemoved(IStore inner) : ForwardingStore(inner)
{
    public override bool Touch(string key, Expiry expiry)
    {
        bool found = Inner.TryGet(key, out Entry entry);
        Perturbation.Pause();
        if (found)
        {
            Inner.Set(key, entry.Value.Span, expiry);
        }

        return found;
    }
}

/// <summary>A compare-and-set that asks whether the key is there, and not what version it has.</summary>
internal sealed class ComparesNothing(IStore inner) : ForwardingStore(inner)
{
    public override WriteResult TryUpdate(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default) =>
        Inner.TryGet(key, out _) ? new(true, Inner.Set(key, value, expiry)) : new(false, 0);
}

/// <summary>A compare-and-set that compares first and sets then: somebody else may have been between the two.</summary>
internal sealed class ComparesTooEarly(IStore inner) : ForwardingStore(inner)
{
    public override WriteResult TryUpdate(string key, ReadOnlySpan<byte> value, long expectedVersion, Expiry expiry = default)
    {
        long version = Inner.TryGet(key, out Entry entry) ? entry.Version : 0;
        Perturbation.Pause();
        return version != 0 && version == expectedVersion ? new(true, Inner.Set(key, value, expiry)) : new(false, version);
    }
}

/// <summary>A read that clears away what it found expired, without looking again: it may have been refreshed meanwhile.</summary>
internal sealed class ExpiresWhatWasRefreshed(IStore inner) : ForwardingStore(inner)
{
    public override bool TryGet(string key, out Entry entry)
    {
        bool found = Inner.TryGet(key, out entry);
        if (!found)
        {
            Perturbation.Pause();
            Inner.Remove(key);
        }

        return found;
    }
}

/// <summary>A batch that is written item by item.</summary>
internal sealed class TearsBatches(IStore inner) : ForwardingStore(inner)
{
    public override WriteResult Write(WriteBatch batch)
    {
        var last = new WriteResult(true, 0);
        foreach (BatchItem item in batch.Items)
        {
            last = Inner.Write(new WriteBatch().Set(Encoding.UTF8.GetString(item.Utf8Key.Span), item.Value.Span, item.Expiry, item.Kind));
            Perturbation.Pause();
        }

        return last;
    }
}
