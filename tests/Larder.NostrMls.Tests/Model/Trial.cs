using System.Globalization;
using Larder.NostrMls.Tests.Contract;
using Larder.Tests;

namespace Larder.NostrMls.Tests.Model;

/// <summary>The store under test beside its model. Steps ask both and compare the answers; after every step the invariants are walked.</summary>
internal sealed class Trial : IDisposable
{
    private const int MostCaptures = 2;

    private readonly IHost _host;
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds((long)Dice.Start));
    private readonly List<string> _evictions = [];
    private readonly List<(MlsCapture Real, ModelState Model)> _captures = [];
    private readonly MlsModel _model;
    private IMlsProtocolStore _store;
    private IMlsOperations _face;
    private long _generation;
    private int _mlsChanges;
    private bool _isInside;

    private Trial(IHost host, ModelSettings settings)
    {
        _host = host;
        _model = new MlsModel(settings, Dice.Start);
        _face = _store = host.Open(Options());
    }

    public int Calls { get; private set; }

    /// <summary>Runs a scenario; throws when the store and its model differ. Returns how many calls were compared.</summary>
    public static int Run(Scenario scenario, Func<IHost> host)
    {
        using IHost under = host();
        using var trial = new Trial(under, scenario.Settings);
        int number = 0;
        foreach (Step step in scenario.Steps)
        {
            try
            {
                step.Run(trial);
                trial.CheckEvictions();
                trial.CheckGeneration();
                trial.Walk(everything: number % 16 == 0);
                number++;
            }
            catch (Exception wrong)
            {
                throw new DifferenceException(string.Create(CultureInfo.InvariantCulture, $"at step {number}, {step}: {wrong.Message}\n{(wrong is DifferenceException ? "" : wrong.StackTrace)}"));
            }
        }

        trial.Walk(everything: true);
        trial.CheckBytes();
        return trial.Calls;
    }

    /// <summary>Makes one call on both sides and compares the answers.</summary>
    public void Compare(Func<IMlsOperations, object?> real, Func<MlsModel, object?> model)
    {
        Calls++;
        Outcome actual = Outcome.OfStore(() => real(_face));
        Outcome expected = _model.Run(() => model(_model));
        Expect(expected, actual, "");
    }

    public void InTransaction(IReadOnlyList<Step> steps, bool throws)
    {
        ModelState before = _model.State.Copy();
        try
        {
            _store.RunInTransaction(handle =>
            {
                (_face, _isInside) = (handle, true);
                foreach (Step step in steps)
                {
                    step.Run(this);
                }

                if (throws)
                {
                    throw new PlannedException();
                }
            });
        }
        catch (PlannedException)
        {
            _model.State = before;
            _model.Evictions.Clear();
            _mlsChanges = _model.MlsChanges;   // the generation may have moved all the same, or not
        }
        finally
        {
            (_face, _isInside) = (_store, false);
        }
    }

    public void Capture()
    {
        if (_captures.Count == MostCaptures)
        {
            _captures[0].Real.Dispose();
            _captures.RemoveAt(0);
        }

        _captures.Add((_face.CaptureAll(), _model.Capture()));
    }

    public void Restore(int which)
    {
        if (which < _captures.Count)
        {
            Compare(
                store =>
                {
                    store.RestoreAll(_captures[which].Real);
                    return null;
                },
                model =>
                {
                    model.Restore(_captures[which].Model);
                    return null;
                });
        }
    }

    public void Advance(int seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        _model.Now += (ulong)seconds;
    }

    /// <summary>What was used by reading need not survive, so both sides are used once more in the order in which they were.</summary>
    public void Reopen()
    {
        if (_host.IsPersistent && !_isInside)
        {
            MlsUsage before = _store.Usage;
            _store.Dispose();
            _face = _store = _host.Open(Options());
            (_generation, _mlsChanges) = (_store.Mls.WriteGeneration, _model.MlsChanges);
            if (_store.Usage != before)
            {
                throw new DifferenceException($"usage was {before} and is {_store.Usage} after it was opened again");
            }

            _model.State.GroupsByUse.ForEach(group => _store.FindGroup(Translation.GroupId(group))?.Dispose());
            _model.State.WelcomesByUse.ForEach(welcome => _store.FindWelcome(Translation.EventId(welcome))?.Dispose());
        }
    }

    public void Dispose()
    {
        _captures.ForEach(capture => capture.Real.Dispose());
        _store.Dispose();
    }

    private static void Expect(Outcome expected, Outcome actual, string what)
    {
        if (!expected.Allows(actual))
        {
            throw new DifferenceException($"{what}\n  expected {expected}\n  but was  {actual}");
        }
    }

    private void CheckEvictions()
    {
        string expected = ModelText.Of(_model.Evictions.Order(StringComparer.Ordinal));
        string actual = ModelText.Of(_evictions.Order(StringComparer.Ordinal));
        _model.Evictions.Clear();
        _evictions.Clear();
        if (expected != actual)
        {
            throw new DifferenceException($"evictions\n  expected {expected}\n  but were {actual}");
        }
    }

    private void CheckGeneration()
    {
        long generation = _store.Mls.WriteGeneration;
        if (_model.MlsChanges > _mlsChanges ? generation <= _generation : generation < _generation)
        {
            throw new DifferenceException($"the generation went from {_generation} to {generation}");
        }

        (_generation, _mlsChanges) = (generation, _model.MlsChanges);
    }

    /// <summary>Inside a transaction that throws: so no look at it counts as a use.</summary>
    private void Walk(bool everything)
    {
        ModelState before = _model.State.Copy();
        try
        {
            _store.RunInTransaction(handle =>
            {
                foreach ((string what, Func<IMlsOperations, object?> real, Func<MlsModel, object?> model) in everything ? Probes.Everything(_model) : Probes.Invariants(_model))
                {
                    Expect(Outcome.OfModel(() => model(_model)), Outcome.OfStore(() => real(handle)), what);
                }

                throw new PlannedException();
            });
        }
        catch (PlannedException)
        {
            _model.State = before;
        }

        if (everything && _store is NostrMlsStore { Core: var core })
        {
            Integrity.Verify(core.State, core.Options);
        }
    }

    /// <summary>
    /// The bytes in use depend on what is there and not on how it came about: a store that is filled with the same has the same. All but snapshots, and records of
    /// processed welcomes, which also remember welcomes that went.
    /// </summary>
    private void CheckBytes()
    {
        using IMlsProtocolStore clean = Twin.Of(_model);
        MlsUsage expected = clean.Usage with { Snapshots = default, ProcessedWelcomes = default };
        MlsUsage actual = _store.Usage with { Snapshots = default, ProcessedWelcomes = default };
        if (actual != expected)
        {
            throw new DifferenceException($"usage\n  expected {expected}\n  but was  {actual}");
        }
    }

    private MlsStoreOptions Options() => new()
    {
        CacheSize = _model.Settings.CacheSize,
        MaxMessagesPerGroup = _model.Settings.MaxMessages,
        MaxGroupNameLength = _model.Settings.MaxName,
        MaxGroupDescriptionLength = _model.Settings.MaxDescription,
        MaxAdminsPerGroup = _model.Settings.MaxAdmins,
        MaxAdminsPerWelcome = _model.Settings.MaxAdmins,
        MaxRelaysPerGroup = _model.Settings.MaxRelays,
        MaxRelaysPerWelcome = _model.Settings.MaxRelays,
        MaxRelayUrlLength = _model.Settings.MaxUrl,
        MaxSnapshotsPerGroup = _model.Settings.MaxSnapshots,
        SnapshotTtl = _model.Settings.SnapshotTtl is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        OverflowPolicy = _model.Settings.EvictsActive ? OverflowPolicy.EvictActive : OverflowPolicy.RefuseWhenProtected,
        TimeProvider = _clock,
        EraseDeletedWithin = Timeout.InfiniteTimeSpan,
        EraseReplacedWithin = Timeout.InfiniteTimeSpan,
        Evicted = eviction => _evictions.Add(
            $"{eviction.What} {eviction.Reason} {string.Join('/', new[] { eviction.MlsGroupId?.ToHex(), eviction.Id?.ToHex() }.Where(id => id is not null))}"),
    };

    private sealed class PlannedException : Exception;
}
