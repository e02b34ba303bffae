using Xunit;

namespace Larder.Tests.Contract;

/// <summary>
/// One kind of store under the contract: opens it, moves its clock, tells what the suite cannot see through <see cref="IStore"/>.
/// A new kind of store needs one of these and the list of the suites it passes.
/// </summary>
public abstract class Subject
{
    /// <summary>The clock that every store of this subject runs on.</summary>
    internal ManualTimeProvider Clock { get; } = new();

    /// <summary>The engine underneath, when it is one of ours; the suite reads its statistics.</summary>
    internal Store? Engine { get; private protected set; }

    /// <summary>Entries in the engine that are none of the suite's business.</summary>
    internal virtual long ForeignEntries => 0;

    /// <summary>The store under test, empty.</summary>
    public abstract IStore Open(StoreOptions options);

    /// <summary>Makes changes that the store under test must neither see nor report, if there can be any.</summary>
    public virtual void Disturb()
    {
    }

    /// <summary>What must still hold after a test; throws otherwise. Called before the store is disposed.</summary>
    public virtual void Verify() => Engine?.VerifyIntegrity();

    /// <summary>Closes what <see cref="Open"/> opened besides the store itself.</summary>
    public virtual void Close()
    {
        IsClosed = true;
        Engine?.Dispose();
    }

    private protected bool IsClosed { get; private set; }
}

/// <summary>The store in memory, by its own members.</summary>
public sealed class MemorySubject : Subject
{
    public override IStore Open(StoreOptions options) => Engine = new Store(options);
}

/// <summary>The store in memory, every member by its async twin.</summary>
public sealed class AsyncSubject : Subject
{
    public override IStore Open(StoreOptions options) => new AsyncTwins(Engine = new Store(options));
}

/// <summary>The same, seen as a store that declares nothing beyond the mandatory contract.</summary>
public sealed class BareSubject : Subject
{
    public override IStore Open(StoreOptions options) => new BareStore(Engine = new Store(options));
}

/// <summary>A scope over a store that holds foreign keys on both sides of it, which must never be seen or touched.</summary>
public sealed class ScopeSubject : Subject
{
    private const string Prefix = "mine:";

    private static readonly string[] _foreign = ["a", "min", "mine", "mine9", "mine;", "mine;a", "z\u00ff", "\uffff", "😀"];

    private readonly Dictionary<string, long> _versions = [];

    internal override long ForeignEntries => _foreign.Length;

    public override IStore Open(StoreOptions options)
    {
        Engine = new Store(options);
        Disturb();
        return Engine.Scope(Prefix);
    }

    public override void Disturb()
    {
        foreach (string key in _foreign)
        {
            _versions[key] = Engine!.Set(key, "foreign"u8);
        }
    }

    public override void Verify()
    {
        base.Verify();
        if (IsClosed)
        {
            return;
        }

        foreach (string key in _foreign)
        {
            Assert.True(Engine!.TryGet(key, out Entry entry), $"the foreign key {key} is gone");
            Assert.Equal(_versions[key], entry.Version);
            Assert.True(entry.Value.Span.SequenceEqual("foreign"u8));
        }
    }
}
