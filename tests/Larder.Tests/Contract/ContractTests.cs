using System.Text;
using Xunit;

namespace Larder.Tests.Contract;

/// <summary>What the suites of the contract share: a fresh store and clock for each test, and the ways to say what must hold.</summary>
public abstract class ContractTests<TSubject> : IDisposable
    where TSubject : Subject, new()
{
    private readonly TSubject _subject = new();
    private IStore? _store;

    /// <summary>The store under test, with default options unless the test opened it otherwise.</summary>
    protected IStore Store
    {
        get
        {
            lock (_subject)
            {
                return _store ?? Open(_ => { });
            }
        }
    }

    protected DateTimeOffset Now => _subject.Clock.GetUtcNow();

    private protected Subject Subject => _subject;

    /// <summary>Opens the store of this test with other options.</summary>
    protected IStore Open(Action<StoreOptions> configure)
    {
        Assert.Null(_store);
        var options = new StoreOptions { TimeProvider = _subject.Clock };
        configure(options);
        return _store = _subject.Open(options);
    }

    protected void Advance(TimeSpan by) => _subject.Clock.Advance(by);

    /// <summary>
    /// Whether the store does not declare a feature; the member must then refuse. A test of a feature begins with it, so that both
    /// sides of <see cref="IStore.Features"/> are held to.
    /// </summary>
    protected bool Lacks(StoreFeatures feature, Action member)
    {
        if (Store.Features.HasFlag(feature))
        {
            return false;
        }

        Assert.Throws<NotSupportedException>(member);
        return true;
    }

    /// <summary>Asserts that a call is refused with exactly this exception, that its message says so, and that nothing has changed.</summary>
    protected TException Refused<TException>(Action call, string? message = null, string? parameter = null)
        where TException : Exception
    {
        string before = Picture();
        TException refusal = Assert.Throws<TException>(call);
        Assert.Equal(before, Picture());
        Says(refusal, message, parameter);
        return refusal;
    }

    /// <summary>The same for what must come through the task; thrown at the call it fails the test.</summary>
    protected async Task<TException> RefusedByTask<TException>(Func<Task> call, string? message = null)
        where TException : Exception
    {
        string before = Picture();
        Task task = call();
        TException refusal = await Assert.ThrowsAnyAsync<TException>(() => task);
        Assert.Equal(before, Picture());
        Says(refusal, message, null);
        return refusal;
    }

    /// <summary>Everything that a reader can find, and how many commits there were.</summary>
    protected string Picture()
    {
        IEnumerable<string> entries = Store.Scan()
            .Select(entry => $"{entry.Key}={Convert.ToHexString(entry.Value.Span)} v{entry.Version} {entry.ExpiresAt:O} {entry.Kind}")
            .Order(StringComparer.Ordinal);
        return $"{string.Join('\n', entries)}\n{_subject.Engine?.Statistics.LastSequence}";
    }

    /// <summary>Asserts what a key holds, by every way to read it.</summary>
    protected Entry Holds(string key, string expected)
    {
        Assert.True(Store.TryGet(key, out Entry entry), $"'{key}' is absent");
        Assert.Equal(key, entry.Key);
        Assert.Equal(expected, Text(entry));
        Assert.True(Store.TryGet(Encoding.UTF8.GetBytes(key), out Entry same));
        Assert.Equal(entry.Version, same.Version);
        Assert.Equal(expected, Text(same));
        return entry;
    }

    /// <summary>Asserts that no way to read finds a key.</summary>
    protected void IsAbsent(string key)
    {
        byte[] utf8Key = Encoding.UTF8.GetBytes(key);
        var copy = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.False(Store.TryGet(key, out Entry entry), $"'{key}' is present");
        Assert.Equal(0, entry.Version);
        Assert.False(Store.TryGet(utf8Key, out _));
        Assert.False(Store.TryRead(utf8Key, copy));
        Assert.Equal(0, copy.WrittenCount);
        Assert.False(Store.Exists(key));
        Assert.DoesNotContain(Store.Scan(), found => found.Key == key);
        Assert.DoesNotContain(Store.Scan(key), found => found.Key == key);
    }

    protected static string Text(Entry entry) => Encoding.UTF8.GetString(entry.Value.Span);

    /// <summary>Fails instead of hanging when something that must happen does not; how long it takes is not asserted.</summary>
    protected static async Task<T> Soon<T>(Task<T> task) => await task.WaitAsync(TimeSpan.FromSeconds(60));

    protected static async Task Soon(Task task) => await task.WaitAsync(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        try
        {
            _subject.Verify();
        }
        finally
        {
            _store?.Dispose();
            _subject.Close();
            GC.SuppressFinalize(this);
        }
    }

    private static void Says(Exception refusal, string? message, string? parameter)
    {
        Assert.NotEmpty(refusal.Message);
        if (message is not null)
        {
            Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        }

        if (parameter is not null)
        {
            Assert.Equal(parameter, Assert.IsType<ArgumentException>(refusal, exactMatch: false).ParamName);
        }
    }
}
