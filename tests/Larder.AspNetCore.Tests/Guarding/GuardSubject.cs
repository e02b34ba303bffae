using System.Net;
using Larder.Tests;

namespace Larder.AspNetCore.Tests.Guarding;

/// <summary>A store to keep a guard's state in, and a way to ask the guard. Every kind must decide alike.</summary>
public abstract class GuardSubject : IDisposable
{
    internal ManualTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>The store; asked for anew after <see cref="Restart"/>.</summary>
    public abstract IStore Store { get; }

    /// <summary>Closes the store and opens it again, where it outlives the process; returns whether it does.</summary>
    public virtual bool Restart() => false;

    public virtual GuardDecision Check(Guard guard, GuardRequest request) => guard.Check(request);

    public virtual void Ban(Guard guard, IPAddress address, TimeSpan duration) => guard.Ban(address, "by hand", duration);

    public virtual bool Unban(Guard guard, IPAddress address) => guard.Unban(address);

    public virtual bool IsBanned(Guard guard, IPAddress address) => guard.IsBanned(address);

    public virtual RateLimitResult CheckRateLimit(Guard guard, IPAddress? address, string path) => guard.CheckRateLimit(address, path);

    public virtual void Dispose()
    {
        Store.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class InMemory : GuardSubject
{
    public InMemory() => Store = new Store(new StoreOptions { TimeProvider = Clock });

    public override IStore Store { get; }
}

public sealed class InScope : GuardSubject
{
    private readonly Store _whole;

    public InScope()
    {
        _whole = new Store(new StoreOptions { TimeProvider = Clock });
        Store = _whole.Scope("tenant:42:");
    }

    public override IStore Store { get; }

    public override void Dispose()
    {
        base.Dispose();
        _whole.Dispose();
    }
}

public class Durable : GuardSubject
{
    private readonly TemporaryDirectory _directory = new();
    private Store _store;

    public Durable() => _store = Open();

    public override IStore Store => _store;

    public override bool Restart()
    {
        _store.Dispose();
        _store = Open();
        return true;
    }

    public override void Dispose()
    {
        base.Dispose();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    private Store Open() => Larder.Store.Open(_directory.Under("guard"), new StoreOptions { Durability = DurabilityMode.Interval, TimeProvider = Clock });
}

/// <summary>The async twins, over a durable store.</summary>
public sealed class Asynchronous : Durable
{
    public override GuardDecision Check(Guard guard, GuardRequest request) => guard.CheckAsync(request).AsTask().GetAwaiter().GetResult();

    public override void Ban(Guard guard, IPAddress address, TimeSpan duration) => guard.BanAsync(address, "by hand", duration).AsTask().GetAwaiter().GetResult();

    public override bool Unban(Guard guard, IPAddress address) => guard.UnbanAsync(address).AsTask().GetAwaiter().GetResult();

    public override bool IsBanned(Guard guard, IPAddress address) => guard.IsBannedAsync(address).AsTask().GetAwaiter().GetResult();

    public override RateLimitResult CheckRateLimit(Guard guard, IPAddress? address, string path) => guard.CheckRateLimitAsync(address, path).AsTask().GetAwaiter().GetResult();
}
