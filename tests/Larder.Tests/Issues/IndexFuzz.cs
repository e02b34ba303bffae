using System.Text;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>No bug found: random writes with removal-heavy phases and scans of every form against a sorted set, with merges in the background.</summary>
public sealed class IndexFuzz
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Scans_agree_with_a_sorted_set(int seed)
    {
        var random = new Random(seed);
        using var store = new Store(new StoreOptions { VersionsToKeep = 1 + (seed % 3) });
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
        string Key() => random.Next(4) switch
        {
            0 => $"{(char)('a' + random.Next(3))}",
            1 => $"{(char)('a' + random.Next(3))}:{random.Next(50)}",
            _ => $"{(char)('a' + random.Next(3))}:{random.Next(20_000)}:x",
        };
        var open = new List<(IEnumerator<Entry> Scan, List<string> Expected)>();
        for (int step = 0; step < 120_000; step++)
        {
            bool shrinking = step / 20_000 % 2 == 1;
            int what = random.Next(1000);
            if (what < 2)
            {
                string prefix = random.Next(3) == 0 ? "" : Key()[..random.Next(1, 2)] + (random.Next(2) == 0 ? ":" : "");
                string? after = random.Next(2) == 0 ? null : Key();
                bool reverse = random.Next(2) == 0;
                int limit = random.Next(3) == 0 ? int.MaxValue : random.Next(300);
                IEnumerable<KeyValuePair<string, string>> wanted = model.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal)
                    && (after is null || (reverse ? string.CompareOrdinal(p.Key, after) < 0 : string.CompareOrdinal(p.Key, after) > 0)));
                var expected = (reverse ? wanted.Reverse() : wanted).Take(limit).Select(p => p.Key + "=" + p.Value).ToList();
                IEnumerator<Entry> scan = store.Scan(prefix, after, limit, reverse).GetEnumerator();
                if (random.Next(2) == 0)
                {
                    open.Add((scan, expected));
                }
                else
                {
                    Compare(scan, expected);
                }
            }
            else if (what < 4 && open.Count > 0)
            {
                int at = random.Next(open.Count);
                Compare(open[at].Scan, open[at].Expected);
                open.RemoveAt(at);
            }
            else if (what == 4 && random.Next(40) == 0)
            {
                store.Clear();
                model.Clear();
            }
            else if (what == 5 && random.Next(10) == 0)
            {
                store.Scope("a:").Clear();
                foreach (string key in model.Keys.Where(k => k.StartsWith("a:", StringComparison.Ordinal) && k.Length > 2).ToList())
                {
                    model.Remove(key);
                }
            }
            else if (what < (shrinking ? 800 : 250))
            {
                string key = shrinking && model.Count > 0 && random.Next(20) == 0 ? model.First().Key : Key();
                Assert.Equal(model.Remove(key), store.Remove(key));
            }
            else
            {
                string key = Key();
                model[key] = step.ToString();
                store.Set(key, Encoding.UTF8.GetBytes(step.ToString()));
            }
        }

        foreach ((IEnumerator<Entry> scan, List<string> rest) in open)
        {
            Compare(scan, rest);
        }

        store.VerifyIntegrity();
        Assert.Equal(model.Count, store.Count());
    }

    private static void Compare(IEnumerator<Entry> scan, List<string> expected)
    {
        var found = new List<string>();
        while (scan.MoveNext())
        {
            found.Add(scan.Current.Key + "=" + Encoding.UTF8.GetString(scan.Current.Value.Span));
        }

        scan.Dispose();
        Assert.Equal(expected, found);
    }
}
