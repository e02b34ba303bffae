using System.Globalization;
using System.Text;

namespace Larder.Tests.Model;

/// <summary>
/// The store under test beside its model. Steps ask both and compare the answers; what stays open over several steps (scans,
/// watches) is kept here and settled at the end.
/// </summary>
internal sealed class Trial : IAsyncDisposable
{
    /// <summary>Stands for the version that a refused write would have given: none that anybody has, or claims to know.</summary>
    public const long NoVersion = long.MaxValue - 1;

    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Store _store;
    private readonly IStore _root;
    private readonly Dictionary<string, IStore> _scopes = [];
    private readonly List<OpenWatch> _watches = [];
    private readonly Queue<OpenScan> _scans = new();
    private readonly OpenWatch _all;
    private long _evictions;

    /// <param name="settings">How the store is set up.</param>
    /// <param name="plant">Puts a planted fault between the store and its callers; null for none.</param>
    private Trial(Settings settings, Func<IStore, IStore>? plant)
    {
        Clock = new ManualTimeProvider(_start);
        Model = new StoreModel(settings, _start.UtcTicks);
        _store = new Store(settings.ToOptions(Clock));
        _root = plant is null ? _store : plant(_store);
        _all = Watch(new Place("", ""), includeCurrent: false);
    }

    public ManualTimeProvider Clock { get; }

    public StoreModel Model { get; }

    /// <summary>Runs a scenario; throws when the store and its model differ.</summary>
    public static async Task RunAsync(Scenario scenario, Func<IStore, IStore>? plant = null)
    {
        await using var trial = new Trial(scenario.Settings, plant);
        int number = 0;
        foreach (Step step in scenario.Steps)
        {
            try
            {
                step.Run(trial);
                trial._store.VerifyIntegrity();
                number++;
            }
            catch (Exception wrong)
            {
                throw new DifferenceException($"at step {number}, {step}: {wrong.Message}\n{wrong.StackTrace}");
            }
        }

        await trial.FinishAsync();
    }

    /// <summary>The store, or the scope of it, through which a step acts.</summary>
    public IStore Face(Place place)
    {
        if (place.Scope.Length == 0)
        {
            return _root;
        }

        if (!_scopes.TryGetValue(place.Scope, out IStore? scope))
        {
            _scopes.Add(place.Scope, scope = _root.Scope(place.Scope));
        }

        return scope;
    }

    /// <summary>Does a write to one key on both sides and compares what came of it.</summary>
    /// <param name="key">The key; the store is asked for its version when the write does not return one.</param>
    /// <param name="value">The value that is written, for its length.</param>
    /// <param name="store">The write.</param>
    /// <param name="version">Takes the version out of the store's answer; null when it holds none.</param>
    /// <param name="model">The same on a draft of the model.</param>
    public void Write<T>(Place key, string value, Func<IStore, T> store, Func<T, long>? version, Func<Draft, T> model)
    {
        string actual = Outcome.Of(() => store(Face(key)), out T? answer, out bool threw);
        long stamp = threw ? NoVersion : version is not null ? version(answer!) : VersionOf(key.Full);
        Commit(actual, stamp, draft =>
        {
            Model.CheckLimits(key.Full, value);
            return model(draft);
        });
    }

    /// <summary>The same for a write to many keys, which returns its version.</summary>
    public void WriteMany<T>(string scope, Func<IStore, T> store, Func<T, long> version, Func<Draft, long, T> model)
    {
        string actual = Outcome.Of(() => store(Face(new Place(scope, ""))), out T? answer, out bool threw);
        long stamp = threw ? NoVersion : version(answer!);
        Commit(actual, stamp, draft => model(draft, stamp));
    }

    /// <summary>Asks both sides about one key and compares.</summary>
    public void ReadKey(Place key, Func<IStore, object?> store, Func<StoreModel, object?> model) =>
        Read(key, store, _ =>
        {
            Model.CheckLimits(key.Full);
            return model(Model);
        });

    /// <summary>Asks both sides and compares.</summary>
    public void Read(Place place, Func<IStore, object?> store, Func<StoreModel, object?> model) =>
        Compare(Outcome.Of(() => model(Model)), Outcome.Of(() => store(Face(place))));

    public void Compare(string expected, string actual)
    {
        if (expected != actual)
        {
            throw new DifferenceException($"expected {expected}, but the store said {actual}");
        }
    }

    public OpenWatch Watch(Place prefix, bool includeCurrent)
    {
        var watch = new OpenWatch(Face(prefix), Model, prefix, includeCurrent);
        _watches.Add(watch);
        return watch;
    }

    public void Open(OpenScan scan) => _scans.Enqueue(scan);

    /// <summary>Reads the oldest open scan to its end.</summary>
    public void FinishScan()
    {
        if (_scans.TryDequeue(out OpenScan? scan))
        {
            using (scan)
            {
                Compare(scan.Expected, scan.ReadAll());
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (OpenScan scan in _scans)
        {
            scan.Dispose();
        }

        await _store.DisposeAsync();
        foreach (OpenWatch watch in _watches)
        {
            await watch.DisposeAsync();
        }
    }

    private void Commit<T>(string actual, long version, Func<Draft, T> model)
    {
        List<string> victims = Victims();
        Compare(Outcome.Of(() => Model.Commit(version, victims, model)), actual);
    }

    private long VersionOf(string key) => Model.Takes(key) && _root.TryGet(Encoding.UTF8.GetBytes(key), out Entry entry) ? entry.Version : 0;

    /// <summary>The keys that were evicted since the last call, from the store's own change stream.</summary>
    private List<string> Victims()
    {
        var victims = new List<string>();
        for (long evictions = _store.Statistics.Evictions; _evictions < evictions; _evictions++)
        {
            victims.Add(_all.Next(ChangeKind.Evict).Key);
        }

        return victims;
    }

    private async Task FinishAsync()
    {
        while (_scans.Count > 0)
        {
            FinishScan();
        }

        // What has been due for a second has left by itself; so that nothing is due for less, time goes on until nothing falls due.
        var second = TimeSpan.FromSeconds(1);
        int journaled;
        do
        {
            journaled = Model.Journal.Count;
            Model.Advance(second.Ticks);
            Clock.Advance(second);
        }
        while (Model.Journal.Count > journaled);

        StoreStatistics swept = _store.Statistics;
        Compare(
            string.Create(CultureInfo.InvariantCulture, $"{Model.Entries.Count} entries, {Model.Charge} bytes, {_watches.Count} watchers"),
            string.Create(CultureInfo.InvariantCulture, $"{swept.Entries} entries, {swept.Bytes} bytes, {swept.Watchers} watchers"));
        Read(new Place("", ""), store => Outcome.Of(store.Scan()), model => Outcome.Of(model.Scan("", null, int.MaxValue, false)));
        _store.VerifyIntegrity();
        foreach (OpenWatch watch in _watches)
        {
            await watch.ReadCurrentAsync();
        }

        await _store.DisposeAsync();
        foreach (OpenWatch watch in _watches)
        {
            await watch.CheckAsync();
        }

        Compare("0 scans", string.Create(CultureInfo.InvariantCulture, $"{_store.Statistics.Scans} scans"));
    }
}
