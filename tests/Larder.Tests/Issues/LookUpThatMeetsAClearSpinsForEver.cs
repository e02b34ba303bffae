using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// Clearing a cache that has a callback emptied the old slots and left them in the old index. A look-up that was still searching there took them for slots
/// being written, and waited for a writer who never came.
/// </summary>
public sealed class LookUpThatMeetsAClearSpinsForEver
{
    [Fact]
    public async Task A_look_up_ends_though_everything_is_cleared_in_the_middle_of_it()
    {
        var comparer = new Interrupting();
        int cleared = 0;
        using var cache = new Cache<string, int>(new CacheOptions<string, int> { Capacity = 10, Comparer = comparer, Removed = (_, _, _) => cleared++ });
        string[] keys = ["a", "b", "c", "d"];   // of one hash code: whoever looks for one may meet the others first
        for (int i = 0; i < keys.Length; i++)
        {
            cache.Set(keys[i], i);
        }

        foreach (string key in keys)
        {
            comparer.AtNextComparison = () => Task.Run(cache.Clear).Wait();
            bool found = await Task.Run(() => cache.TryGet(key, out _)).WaitAsync(TimeSpan.FromMinutes(1));
            Assert.True(found || cache.Count == 0);
            for (int i = 0; i < keys.Length; i++)
            {
                cache.Set(keys[i], i);
            }
        }

        Assert.Equal(keys.Length * keys.Length, cleared);
    }

    /// <summary>Lets something happen on another thread while keys are compared.</summary>
    private sealed class Interrupting : IEqualityComparer<string>
    {
        private Action? _next;

        public Action? AtNextComparison
        {
            set => _next = value;
        }

        public bool Equals(string? x, string? y)
        {
            Interlocked.Exchange(ref _next, null)?.Invoke();
            return x == y;
        }

        public int GetHashCode(string key) => 1;
    }
}
