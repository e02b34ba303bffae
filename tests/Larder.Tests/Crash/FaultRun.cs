namespace Larder.Tests.Crash;

/// <summary>
/// A run over everything a store does with files, on a disk that fails as planned. Whoever is told of a failure can rely on it: nothing
/// happened, or the store takes no more writes until it is opened again.
/// </summary>
internal sealed class FaultRun
{
    /// <summary>A little of everything.</summary>
    public static readonly IReadOnlyList<Step> Script =
    [
        Step.Set("a", 90), Step.Set("b", 300), Step.Remove("a"), Step.Batch("a", "c", "d"), Step.Set("e", 200), Step.Compact, Step.Increment("n"),
        Step.Set("b", 100), Step.Flush, Step.Set("c", 250), Step.Set("d", 600), Step.Reopen, Step.Set("a", 30), Step.Compact, Step.Remove("b"), Step.Set("f", 400), Step.Set("a", 20),
    ];

    private readonly FaultPlan _plan;
    private readonly IReadOnlyList<Step> _steps;
    private readonly StoreRun _run;
    private bool _isOpen;

    public FaultRun(StoreSetup setup, FaultPlan plan, IReadOnlyList<Step> steps)
    {
        _plan = plan;
        _steps = steps;
        _run = new StoreRun(plan.ToString(), setup, new SimulatedDisk(DiskImage.Empty), plant: files => new FaultyFiles(files, plan));
        plan.Killing = _run.Disk.Kill;
    }

    public StoreSetup Setup => _run.Setup;

    public Recording Recording => _run.Recording;

    /// <summary>Where in the recording the fault struck; crashes from there on are of interest.</summary>
    public int StruckAt { get; private set; }

    /// <summary>Runs the steps, lifts the fault, opens again, writes and closes.</summary>
    public void Run()
    {
        TryOpen();
        foreach (Step step in _steps)
        {
            if (!_plan.Struck)
            {
                StruckAt = Recording.Operations.Count;
            }

            if (_isOpen)
            {
                Try(step);
            }
            else
            {
                TryOpen();
            }
        }

        _plan.Lift();
        _run.Open("open after the fault");
        Step.Set("g", 50).Run(_run);
        _run.Reopen();
        Step.Set("g", 60).Run(_run);
    }

    private void TryOpen()
    {
        try
        {
            _run.Open();
            _isOpen = true;
        }
        catch (IOException error) when (error is not StoreDamagedException)
        {
            Recording.Returned($"open, which fails with {error.GetType().Name}", Recording.Last);
        }
    }

    private void Try(Step step)
    {
        if (step == Step.Reopen)
        {
            Reopen();
            return;
        }

        long sequence = _run.Store.Statistics.LastSequence;
        Content content = _run.Setup.Read(_run.Store);
        (int syncs, int logSyncs) = (_plan.FailedSyncs, _plan.FailedLogSyncs);
        IOException? failure = null;
        try
        {
            step.Run(_run);
        }
        catch (IOException error) when (error is not StoreDamagedException)
        {
            failure = error;
            _run.Failed($"{step}, which fails with {error.GetType().Name}");
        }

        if (failure is not null && _plan.Kind == FaultKind.Kill)
        {
            _isOpen = false;
            TryOpen();
            return;
        }

        StoreStatistics now = _run.Store.Statistics;
        Demand(_plan.FailedSyncs == syncs || failure is not null, $"a sync failed under {step}, and nobody was told");
        Demand(_plan.FailedLogSyncs == logSyncs || now.Fault is not null, $"a sync of the log failed under {step}, and the store goes on");
        if (now.Fault is not null)
        {
            CheckPoisoned(step, now);
            Reopen();
        }
        else if (failure is not null)
        {
            bool isSame = now.LastSequence == sequence && content.SameAt(_run.Clock.GetUtcNow(), _run.Setup.Read(_run.Store));
            Demand(isSame, $"{step} failed and the store goes on, but there was an effect");
            Demand(_plan.Kind != FaultKind.DiskFull || failure is DiskFullException, $"{step} failed on a full disk, but said {failure.GetType().Name}");
        }
    }

    /// <summary>Reads go on, writes are refused, nothing more is acknowledged.</summary>
    private void CheckPoisoned(Step step, StoreStatistics before)
    {
        StorePoisonedException? refusal = null;
        try
        {
            _run.Store.Set("poisoned", [1]);
        }
        catch (StorePoisonedException poisoned)
        {
            refusal = poisoned;
        }

        Demand(refusal is not null, $"{step} has poisoned the store, which then took a write; {before.Fault}");
        StoreStatistics after = _run.Store.Statistics;
        Demand(refusal!.LastDurableSequence == before.DurableSequence && after.DurableSequence == before.DurableSequence, $"poisoned by {step}, the store has acknowledged something");
        Demand(after.LastSequence == before.LastSequence, $"poisoned by {step}, the store has changed");
        Demand(_run.Setup.Read(_run.Store).SameAt(_run.Clock.GetUtcNow(), Recording.ContentAt(before.LastSequence, int.MaxValue)!), $"poisoned by {step}, the store reads otherwise");
    }

    private void Reopen()
    {
        _isOpen = false;
        try
        {
            _run.Store.Dispose();
        }
        catch (IOException)
        {
        }

        Recording.Returned("close", Recording.Last);
        TryOpen();
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new CrashException(otherwise);
        }
    }
}
