using Larder.NostrMls.State;
using Larder.Tests;
using Xunit;

namespace Larder.NostrMls.Tests.Contract;

/// <summary>A kind of store that the contract suite runs against.</summary>
public abstract class Subject : IDisposable
{
    private readonly List<(NostrMlsStore Store, MlsStoreOptions Options)> _stores = [];

    internal ManualTimeProvider Clock { get; } = new();

    /// <summary>An empty store.</summary>
    public NostrMlsStore Open(MlsStoreOptions? options = null)
    {
        options ??= new MlsStoreOptions();
        options.TimeProvider = Clock;
        NostrMlsStore store = Make(options);
        _stores.Add((store, options));
        return store;
    }

    /// <summary>What must be true after every test.</summary>
    public void Verify()
    {
        foreach ((NostrMlsStore store, MlsStoreOptions options) in _stores)
        {
            Integrity.Verify(store.Core.State, options);
            VerifyKept(store, options);
        }
    }

    public virtual void Dispose()
    {
        _stores.ForEach(entry => entry.Store.Dispose());
        GC.SuppressFinalize(this);
    }

    internal static string DumpOf(NostrMlsStore store) => Dump.Of(store.Core.State);

    protected abstract NostrMlsStore Make(MlsStoreOptions options);

    /// <summary>What a store that survives has to find again.</summary>
    protected virtual void VerifyKept(NostrMlsStore store, MlsStoreOptions options)
    {
    }
}

/// <summary>The store in memory.</summary>
public sealed class MemorySubject : Subject
{
    protected override NostrMlsStore Make(MlsStoreOptions options) => new(options);
}

/// <summary>The store in a directory; after every test it is opened again and must hold what it held.</summary>
public sealed class DurableSubject : Subject
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<NostrMlsStore, string> _paths = [];

    internal static byte[] Key { get; } = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    public override void Dispose()
    {
        base.Dispose();
        _directory.Dispose();
    }

    protected override NostrMlsStore Make(MlsStoreOptions options)
    {
        string path = _directory.Under($"store {_paths.Count}");
        NostrMlsStore store = NostrMlsStore.Open(path, Key, options);
        _paths.Add(store, path);
        return store;
    }

    protected override void VerifyKept(NostrMlsStore store, MlsStoreOptions options)
    {
        string held = DumpOf(store);
        store.Dispose();
        using NostrMlsStore reopened = NostrMlsStore.Open(_paths[store], Key, options);
        Integrity.Verify(reopened.Core.State, options);
        Assert.Equal(held, DumpOf(reopened));
    }
}

/// <summary>A topic of the contract, run against one kind of store.</summary>
public abstract class ContractTest<TSubject> : IDisposable
    where TSubject : Subject, new()
{
    private readonly TSubject _subject = new();

    internal ManualTimeProvider Clock => _subject.Clock;

    public void Dispose()
    {
        try
        {
            _subject.Verify();
        }
        finally
        {
            _subject.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    internal NostrMlsStore Open(MlsStoreOptions? options = null) => _subject.Open(options);

    /// <summary>Refused for this reason, with these words, without an identity in them; and nothing has changed.</summary>
    internal static MlsStoreException Refused(NostrMlsStore store, MlsStoreErrorKind kind, string words, Action action)
    {
        string before = Subject.DumpOf(store);
        var refusal = Assert.Throws<MlsStoreException>(action);
        Assert.Equal(kind, refusal.Kind);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, Subject.DumpOf(store));
        Assert.DoesNotContain("6d6c73", refusal.ToString(), StringComparison.OrdinalIgnoreCase);   // the beginning of every group id here
        Assert.DoesNotContain("mls group", refusal.ToString(), StringComparison.Ordinal);
        return refusal;
    }

    internal static MlsStoreException Invalid(NostrMlsStore store, string words, Action action) => Refused(store, MlsStoreErrorKind.InvalidParameters, words, action);

    internal static void Unknown(NostrMlsStore store, Action action) => Invalid(store, "Group not found", action);

    internal static StoreState StateOf(NostrMlsStore store) => store.Core.State;
}
