namespace Larder.NostrMls.State;

/// <summary>
/// An operation, or a transaction, under way: the next state and everything that has to happen when it becomes the present one. Until then nobody else sees anything of it; given up, it leaves
/// nothing behind. Belongs to one thread, which holds the gate of writers.
/// </summary>
internal sealed class Draft : IUses
{
    private readonly UseClock _clock;
    private readonly Draft? _parent;
    private List<IDisposable>? _created;
    private List<IDisposable>? _retired;
    private List<MlsEviction>? _evictions;
    private Dictionary<Recency, long>? _uses;
    private readonly Dictionary<RecordKey, object?>? _writes;
    private UsageTable? _usage;

    internal Draft(StoreState state, MlsStoreOptions options, UseClock clock, bool writes)
        : this(state, options, clock, writes, null)
    {
    }

    private Draft(StoreState state, MlsStoreOptions options, UseClock clock, bool writes, Draft? parent)
    {
        State = state;
        Options = options;
        _clock = clock;
        _writes = writes ? [] : null;
        _parent = parent;
    }

    internal StoreState State { get; set; }

    internal MlsStoreOptions Options { get; }

    /// <summary>The records to be written; null as a value: to be removed. Empty when nothing keeps them.</summary>
    internal IReadOnlyDictionary<RecordKey, object?> Writes => _writes ?? (IReadOnlyDictionary<RecordKey, object?>)System.Collections.Immutable.ImmutableDictionary<RecordKey, object?>.Empty;

    /// <summary>Whether all records are to be written anew, because nearly all have changed.</summary>
    internal bool RewritesAll { get; set; }

    /// <summary>Whether a secret was deleted that files still hold.</summary>
    internal bool Deletes { get; private set; }

    /// <summary>Whether a secret was replaced or evicted that files still hold.</summary>
    internal bool Replaces { get; private set; }

    /// <summary>What the items among the records to be written come to; other records are short.</summary>
    internal long BytesOfItems { get; private set; }

    internal IReadOnlyList<MlsEviction> Evictions => _evictions ?? (IReadOnlyList<MlsEviction>)[];

    internal UnixSeconds Now => UnixSeconds.Now(Options.TimeProvider);

    /// <summary>A draft of one call within this one: adopted when it succeeds, given up when it is refused.</summary>
    internal Draft Nested() => new(Final(), Options, _clock, _writes is not null, this);

    /// <summary>Takes over what a nested draft did.</summary>
    internal void Adopt(Draft nested)
    {
        State = nested.Final();
        _usage = null;
        (_created ??= []).AddRange(nested._created ?? []);
        (_retired ??= []).AddRange(nested._retired ?? []);
        (_evictions ??= []).AddRange(nested._evictions ?? []);
        RewritesAll |= nested.RewritesAll;
        Deletes |= nested.Deletes;
        Replaces |= nested.Replaces;
        foreach ((Recency recency, long stamp) in nested._uses ?? [])
        {
            (_uses ??= [])[recency] = stamp;
        }

        foreach ((RecordKey key, object? record) in nested.Writes)
        {
            Write(key, record);
        }
    }

    /// <summary>The state as it is to be published.</summary>
    internal StoreState Final()
    {
        if (_usage is not null)
        {
            State = State with { Usage = _usage };
            _usage = null;
        }

        return State;
    }

    /// <summary>Zeroes what was made for the draft: it does not happen.</summary>
    internal void GiveUp() => _created?.ForEach(content => content.Dispose());

    /// <summary>Whether contents end with this draft: readers must not be copying secrets when it becomes the present state.</summary>
    internal bool Retires => _retired is not null;

    /// <summary>The draft has become the present state: notes uses, zeroes what ended.</summary>
    internal void Settle()
    {
        if (_uses is not null)
        {
            foreach ((Recency recency, long stamp) in _uses)
            {
                recency.Stamp = Math.Max(recency.Stamp, stamp);   // a reader may have used it since
            }
        }

        _retired?.ForEach(content => content.Dispose());
    }

    public void Note(Recency recency) => (_uses ??= [])[recency] = _clock.Next();

    /// <summary>When something was last used, as this draft sees it.</summary>
    internal long StampOf(Recency recency)
    {
        for (Draft? draft = this; draft is not null; draft = draft._parent)
        {
            if (draft._uses?.TryGetValue(recency, out long stamp) == true)
            {
                return stamp;
            }
        }

        return recency.Stamp;
    }

    internal long NextStamp() => _clock.Next();

    internal long NextNumber()
    {
        State = State with { LastNumber = State.LastNumber + 1 };
        return State.LastNumber;
    }

    /// <summary>Something changed on the MLS side. The number is one that no other state ever has: a draft that is given up takes its own along.</summary>
    internal void MoveGeneration() => State = State with { Generation = _clock.Next() };

    internal void Count(UsageFamily family, long entries, long bytes)
    {
        _usage ??= new UsageTable(State.Usage);
        _usage.Add(family, entries, bytes);
    }

    /// <summary>Content that was made for the store and is zeroed if it does not come to that.</summary>
    internal T Own<T>(T content)
    {
        if (content is IDisposable disposable)
        {
            (_created ??= []).Add(disposable);
        }

        return content;
    }

    /// <summary>Content that nothing refers to any more.</summary>
    /// <param name="content">The content.</param>
    /// <param name="isMinor">Whether it was replaced or evicted, and not deleted.</param>
    internal void Retire(object content, bool isMinor)
    {
        if (content is IDisposable disposable)
        {
            (_retired ??= []).Add(disposable);
            bool isSecret = content is SecretBytes || content is Group { HasSecrets: true } || content is Welcome { HasSecrets: true };
            Replaces |= isSecret && isMinor;
            Deletes |= isSecret && !isMinor;
        }
    }

    internal void Write(RecordKey key, object? record)
    {
        if (_writes is not null)
        {
            _writes[key] = record;
            BytesOfItems += record is OwnedItem owned ? owned.Item.Bytes : 0;
        }
    }

    internal void Tell(MlsEviction eviction) => (_evictions ??= []).Add(eviction);
}
