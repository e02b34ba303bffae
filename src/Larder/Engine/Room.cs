using Larder.Entries;
using Larder.Eviction;

namespace Larder.Engine;

/// <summary>What a commit would add to a bounded store, and who has to go for it. Used inside the store's gate, for one commit.</summary>
internal readonly struct Room
{
    private readonly StoreOptions _options;

    // What the commit adds, and what its own keys come to afterwards.
    private readonly long _moreEntries;
    private readonly long _moreBytes;
    private readonly long _ownEntries;
    private readonly long _ownBytes;

    internal Room(StoreOptions options, ReadOnlySpan<Staged> staged)
    {
        _options = options;
        foreach (ref readonly Staged key in staged)
        {
            long before = key.Before.IsNone ? 0 : key.Node.Charged;
            long after = !key.IsPresent ? 0
                : key.IsTouch ? before
                : Chain.Charge(key.Node, key.After)
                    + (key.Before.IsNone || key.EndsHistory ? 0 : Kept(key.Node, options.VersionsToKeep - 1));
            _ownBytes += after;
            _moreBytes += after - before;
            _ownEntries += key.IsPresent ? 1 : 0;
            _moreEntries += (key.IsPresent ? 1 : 0) - (key.Before.IsNone ? 0 : 1);
        }
    }

    /// <summary>Whether the commit fits. One that adds nothing always does, even when the store is over its bound.</summary>
    internal bool Fits(Contents contents) => Fits(contents.Entries, contents.Bytes);

    /// <summary>Takes victims from the eviction queue until the commit fits.</summary>
    /// <exception cref="StoreFullException">The store refuses rather than evicts, or no victim could make it fit.</exception>
    internal List<Staged> Victims(Contents contents, ReadOnlySpan<Staged> staged)
    {
        if (contents.Queue is not { } queue || _ownEntries > (_options.MaxEntries ?? long.MaxValue) || _ownBytes > (_options.MaxBytes ?? long.MaxValue))
        {
            throw Refusal(contents);
        }

        var victims = new List<Staged>();
        Mark(staged, isBusy: true);
        try
        {
            long entries = contents.Entries;
            long bytes = contents.Bytes;
            while (!Fits(entries, bytes))
            {
                Node node = queue.Victim() ?? throw Refusal(contents);
                victims.Add(Staged.Gone(node, ChangeKind.Evict));
                entries--;
                bytes -= node.Charged;
            }

            return victims;
        }
        catch
        {
            PutBack(victims, queue);
            throw;
        }
        finally
        {
            Mark(staged, isBusy: false);
        }
    }

    /// <summary>Bytes charged for the newest versions of a history.</summary>
    private static long Kept(Node node, int versions) =>
        versions == 0 ? 0 : Chain.History(node).Take(versions).Sum(record => Chain.Charge(node, record));

    private static void Mark(ReadOnlySpan<Staged> staged, bool isBusy)
    {
        foreach (ref readonly Staged key in staged)
        {
            key.Node.IsBusy = isBusy;
        }
    }

    private static void PutBack(List<Staged> victims, EvictionQueue queue)
    {
        foreach (Staged victim in victims)
        {
            queue.Add(victim.Node);
        }
    }

    private bool Fits(long entries, long bytes) =>
        (_moreEntries <= 0 || entries + _moreEntries <= (_options.MaxEntries ?? long.MaxValue))
        && (_moreBytes <= 0 || bytes + _moreBytes <= (_options.MaxBytes ?? long.MaxValue));

    private StoreFullException Refusal(Contents contents)
    {
        string held = $"it holds {contents.Entries} entries (at most {_options.MaxEntries?.ToString() ?? "any number"}) and {contents.Bytes} bytes (at most {_options.MaxBytes?.ToString() ?? "any number"})";
        string why = contents.Queue is null ? "and does not evict" : "and no eviction could make room";
        return new StoreFullException($"the store is full: {held}, this write adds {_moreEntries} entries and {_moreBytes} bytes, {why}; nothing was changed.");
    }
}
