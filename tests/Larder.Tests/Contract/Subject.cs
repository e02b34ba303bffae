using Xunit;

namespace Larder.Tests.Contract;

/// <summary>
/// One kind of store under the contract: opens it, moves its clock, tells what the suite cannot see through <see cref="IStore"/>.
/// A new kind of store needs one of these and the list of the suites it passes.
/// </summary>
public abstract class Subject
{
    /// <summary>The clock that every store of this subject runs on.</summary>
    internal virtual ManualTimeProvider Clock { get; } = new();

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

/// <summary>The store in memory behind rules that object to nothing.</summary>
public sealed class ValidatedSubject : Subject
{
    public override IStore Open(StoreOptions options) => new ValidatedStore(Engine = new Store(options), [_ => null], [(_, _) => null]);
}

/// <summary>
/// A store in a directory. When a test is over it is closed and opened again, and must hold what it held.
/// </summary>
public abstract class DirectorySubject : Subject
{
    private readonly string _path = Directory.CreateTempSubdirectory("larder-").FullName;
    private StoreOptions _options = new();

    private protected abstract DurabilityMode Mode { get; }

    public override IStore Open(StoreOptions options)
    {
        _options = options;
        _options.Durability = Mode;
        Engine = Store.Open(_path, _options);
        return Engine;
    }

    public override void Verify()
    {
        base.Verify();
        if (IsClosed || Engine is null || Engine.Statistics.Fault is not null)
        {
            return;
        }

        List<string> before;
        try
        {
            before = Contents(Engine);
        }
        catch (ObjectDisposedException)
        {
            return;   // the test was about closing
        }

        Engine.Dispose();
        Engine = Store.Open(_path, _options);
        Engine.VerifyIntegrity();
        Assert.Equal(before, Contents(Engine));
    }

    public override void Close()
    {
        base.Close();
        if (Directory.Exists(_path))   // a test may close it twice
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    private List<string> Contents(Store store) =>
        [.. store.Scan().SelectMany(entry => store.History(entry.Key).Select(version =>
            $"{version.Key} {version.Version} {version.ExpiresAt:O} {version.Kind} {Convert.ToHexString(version.Value.Span)}"))];
}

/// <summary>A store that flushes every commit.</summary>
public sealed class CommitSubject : DirectorySubject
{
    private protected override DurabilityMode Mode => DurabilityMode.Commit;
}

/// <summary>A store that flushes at intervals.</summary>
public sealed class IntervalSubject : DirectorySubject
{
    private protected override DurabilityMode Mode => DurabilityMode.Interval;
}

/// <summary>A store that writes images.</summary>
public sealed class ImageSubject : DirectorySubject
{
    private protected override DurabilityMode Mode => DurabilityMode.Snapshot;
}

/// <summary>A store that flushes every commit, every member by its async twin.</summary>
public sealed class AsyncCommitSubject : Subject
{
    private readonly CommitSubject _inner = new();

    internal override ManualTimeProvider Clock => _inner.Clock;

    public override IStore Open(StoreOptions options)
    {
        IStore store = _inner.Open(options);
        Engine = _inner.Engine;
        return new AsyncTwins(store);
    }

    public override void Verify() => _inner.Verify();

    public override void Close() => _inner.Close();
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
