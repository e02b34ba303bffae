namespace Larder.Tests.Model;

/// <summary>A subscription that was begun at some step: what it is told until the store closes must be what the model wrote into its journal.</summary>
internal sealed class OpenWatch : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly StoreModel _model;
    private readonly Place _prefix;
    private readonly int _from;
    private readonly IReadOnlyList<ModelEntry> _current;
    private readonly IAsyncEnumerator<Change> _changes;
    private readonly List<Change> _told = [];
    private Task<bool> _next;

    public OpenWatch(IStore store, StoreModel model, Place prefix, bool includeCurrent)
    {
        _model = model;
        _prefix = prefix;
        _from = model.Journal.Count;
        _current = includeCurrent ? model.Under(prefix.Full) : [];
        _changes = store.Watch(prefix.Relative, includeCurrent).GetAsyncEnumerator();
        _next = _changes.MoveNextAsync().AsTask();
    }

    /// <summary>The next change of a kind that is known to have been published.</summary>
    public Change Next(ChangeKind kind)
    {
        while (MoveNextAsync().WaitAsync(_patience).GetAwaiter().GetResult())
        {
            if (_told[^1].Kind == kind)
            {
                return _told[^1];
            }
        }

        throw new DifferenceException($"the stream of changes ended without the {kind} that the statistics count");
    }

    /// <summary>Reads what was there when the watch began: these come from a scan, and a scan does not outlive its store.</summary>
    public async Task ReadCurrentAsync()
    {
        while (_told.Count < _current.Count && await MoveNextAsync().WaitAsync(_patience))
        {
        }
    }

    /// <summary>Reads to the end, which is there once the store is closed, and compares with the journal.</summary>
    public async Task CheckAsync()
    {
        while (await MoveNextAsync().WaitAsync(_patience))
        {
        }

        IEnumerable<ModelChange> journal = _model.Journal.Skip(_from).Where(Concerns).Select(InScope);
        IEnumerable<string> lapsed = _model.Journal.Take(_from).GroupBy(change => change.Key).Where(changes => changes.Last().Kind == ChangeKind.Expire).Select(changes => changes.Key);
        string? difference = new ChangeStream(_current, lapsed, journal).Compare(_told.Select(Absolute));
        if (difference is not null)
        {
            throw new DifferenceException($"watch of {_prefix}: {difference}\n  told: {string.Join("\n        ", _told.Select(Absolute))}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        // After a difference the stream may stand anywhere; it must be at rest to be disposed of.
        await Task.WhenAny(_next).WaitAsync(_patience);
        await _changes.DisposeAsync();
    }

    private async Task<bool> MoveNextAsync()
    {
        if (!await _next)
        {
            return false;
        }

        _told.Add(_changes.Current);
        _next = _changes.MoveNextAsync().AsTask();
        return true;
    }

    /// <summary>A clear concerns a watcher when its prefix and the watched one have keys in common.</summary>
    private bool Concerns(ModelChange change) =>
        change.Key.StartsWith(_prefix.Full, StringComparison.Ordinal)
        || (change.Kind == ChangeKind.Clear && _prefix.Full.StartsWith(change.Key, StringComparison.Ordinal));

    /// <summary>Through a scope, the clear of something larger is the clear of the scope.</summary>
    private ModelChange InScope(ModelChange change) =>
        change.Key.Length < _prefix.Scope.Length ? change with { Key = _prefix.Scope } : change;

    /// <summary>The change under the key that the store itself knows.</summary>
    private Told Absolute(Change change) => new(change, _prefix.Scope + change.Key);
}
