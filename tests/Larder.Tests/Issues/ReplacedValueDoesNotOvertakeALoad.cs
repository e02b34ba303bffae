using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// Replacing a value that is there went past the loads under way. Where the new value was evicted before the load of the old one had ended, who asked then joined that
/// load, and got the value that had been replaced before it asked.
/// </summary>
public sealed class ReplacedValueDoesNotOvertakeALoad
{
    [Fact]
    public void Who_asks_after_a_value_was_replaced_does_not_get_it_from_the_load_that_made_it()
    {
        using var comparer = new ToldComparer();
        Action? whileTheLoadEnds = null;
        using var cache = new Cache<string, int>(new CacheOptions<string, int>
        {
            Capacity = 1,
            Comparer = comparer,
            Removed = (_, _, _) => Interlocked.Exchange(ref whileTheLoadEnds, null)?.Invoke(),
        });
        int seen = 0;
        var later = new Thread(() => seen = cache.GetOrAdd("key", _ => 4));
        cache.Set("other", 0);
        whileTheLoadEnds = () =>
        {
            // The load has stored its value and driven out the other key, which is told here.
            cache.Set("key", 2);
            cache.Set("another", 3);
            comparer.Watch(later);
            later.UnsafeStart();   // without this context: it is not the load that asks
            comparer.WaitForComparison();
        };

        int loaded = cache.GetOrAdd("key", _ => 1);

        Assert.True(later.Join(TimeSpan.FromMinutes(1)));
        Assert.Equal((1, 4), (loaded, seen));
        cache.VerifyIntegrity();
    }

    /// <summary>Tells when a thread compares keys: it has found the load under way then, and decides what to do about it.</summary>
    private sealed class ToldComparer : IEqualityComparer<string>, IDisposable
    {
        private readonly ManualResetEventSlim _hasCompared = new();
        private Thread? _watched;

        public void Watch(Thread thread) => _watched = thread;

        public void WaitForComparison() => Assert.True(_hasCompared.Wait(TimeSpan.FromMinutes(1)));

        public void Dispose() => _hasCompared.Dispose();

        public bool Equals(string? x, string? y)
        {
            if (Thread.CurrentThread == _watched)
            {
                _hasCompared.Set();
            }

            return x == y;
        }

        public int GetHashCode(string key) => StringComparer.Ordinal.GetHashCode(key);
    }
}
