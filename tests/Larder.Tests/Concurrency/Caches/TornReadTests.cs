using System.Globalization;
using Xunit;

namespace Larder.Tests.Concurrency.Caches;

[Collection(nameof(Concurrency))]
public sealed class TornReadTests
{
    private const int Writers = 4;
    private const int Readers = 4;
    private const int Keys = 48;
    private const long Step = 1L << 20;   // a value is a multiple of this, plus the number of its key

    private static int CallsEach => Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 4_000_000 : 100_000;

    [Theory]
    [InlineData(8)]     // slots change their keys all the time
    [InlineData(1_000)] // slots keep their keys and change their values
    public void Keys_and_values_of_32_bytes_are_never_read_half_written(int capacity)
    {
        using var cache = new Cache<Words, Words>(capacity);
        long found = 0;
        int tornBefore = Words.TornKeys;

        Together.Run(
            Writers,
            writer =>
            {
                for (long i = 1; i <= CallsEach; i++)
                {
                    Write(cache, Perturbation.Next(Keys), i * Step);
                }
            },
            Readers,
            reader =>
            {
                var keys = new Words[8];
                var values = new Words[keys.Length];
                bool[] wasFound = new bool[keys.Length];
                for (int i = 0; i < keys.Length; i++)
                {
                    keys[i] = new Words(Perturbation.Next(Keys));
                    Check(keys[i], cache.TryGet(keys[i], out Words value), value, ref found);
                }

                cache.GetMany(keys, values.AsSpan()!, wasFound);
                for (int i = 0; i < keys.Length; i++)
                {
                    Check(keys[i], wasFound[i], values[i], ref found);
                }
            });

        Assert.Equal(tornBefore, Words.TornKeys);
        Assert.True(found > 1_000, $"only {found} values were read: this proves little");
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"cache of {capacity}: {found} values of 32 bytes read while they were written, none torn"));
    }

    private static void Write(Cache<Words, Words> cache, int number, long value)
    {
        var key = new Words(number);
        var words = new Words(value + number);
        switch (Perturbation.Next(8))
        {
            case 0:
                cache.Remove(key);
                break;
            case 1:
                if (cache.TryRemove(key, out Words removed))
                {
                    AssertBelongs(key, removed);
                }

                break;
            case 2:
                cache.TryAdd(key, words);
                break;
            case 3:
                AssertBelongs(key, cache.GetOrAdd(key, static (_, words) => words, words));
                break;
            default:
                cache.Set(key, words);
                break;
        }
    }

    private static void Check(Words key, bool found, Words value, ref long count)
    {
        if (found)
        {
            AssertBelongs(key, value);
            Interlocked.Increment(ref count);
        }
    }

    private static void AssertBelongs(Words key, Words value)
    {
        if (!value.IsWhole || value.Number % Step != key.Number)
        {
            Assert.Fail($"key {key.Number} has the value {value.Number}, {(value.IsWhole ? "another's" : "torn")}");
        }
    }
}
