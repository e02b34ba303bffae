using Larder.Tests.Contract;

namespace Larder.Tests.Conformance;

/// <summary>What the suites of session storage share: a storage over each kind of store, on its manual clock, called sync or async.</summary>
public abstract class SessionConformance<TSubject, TFace> : ContractTests<TSubject>
    where TSubject : Subject, new()
    where TFace : SessionFace, new()
{
    private protected static readonly TimeSpan Idle = TimeSpan.FromMinutes(20);
    private protected static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    /// <summary>Sessions that live 20 minutes after their last use and are swept when a test says so, unless it sets them up otherwise.</summary>
    private protected SessionFace Sessions(Action<SessionOptions>? configure = null)
    {
        var options = new SessionOptions { IdleTimeout = Idle, SweepInterval = Timeout.InfiniteTimeSpan, TimeProvider = Subject.Clock };
        configure?.Invoke(options);
        return new TFace { Storage = Store.Sessions(options) };
    }

    /// <summary>How many entries of the store are session storage's, expired ones left out.</summary>
    private protected long Entries => Store.Count("session:");
}
