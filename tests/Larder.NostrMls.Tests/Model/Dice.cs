using System.Globalization;

namespace Larder.NostrMls.Tests.Model;

/// <summary>Chooses among few values, so that steps meet; values that sort, compare or encode in surprising ways are among them.</summary>
internal sealed class Dice(int seed)
{
    /// <summary>When the clock begins.</summary>
    public const ulong Start = 1_767_225_600;

    private readonly Random _random = new(seed);

    /// <summary>Ids of groups have any length, one may begin another, and one is empty.</summary>
    public static IReadOnlyList<string> Groups { get; } = ["01", "0102", "80", "", "ff", string.Concat(Enumerable.Repeat("ab", 40))];

    public static IReadOnlyList<string> NostrIds { get; } = [.. Enumerable.Range(0, 7).Select(i => Id((byte)(i * 40), 7))];

    public static IReadOnlyList<string> Events { get; } = [Id(0, 0), Id(0, 1), Id(0, 0xff), Id(1, 0), Id(0x7f, 0), Id(0x80, 0), Id(0x80, 1), Id(0xfe, 0), Id(0xff, 0xff)];

    public static IReadOnlyList<string> Wrappers { get; } = [.. Enumerable.Range(0, 7).Select(i => Id((byte)(i * 42), 3))];

    public static IReadOnlyList<string> Keys { get; } = [Id(9, 1), Id(9, 2), Id(0x90, 1), Id(0x90, 2)];

    public static IReadOnlyList<ulong> Epochs { get; } = [0, 1, 2, 3, 4, ulong.MaxValue];

    public static IReadOnlyList<string> Names { get; } = ["", "a", "b", "a/b", "a\0", "é", "\ud800", "\udc00"];

    /// <summary>Opaque keys that would meet if they were only strung together.</summary>
    public static IReadOnlyList<string> Opaque { get; } = ["", "00", "01", "0102", "02", "0201", "ff"];

    public int Next(int below) => _random.Next(below);

    public bool Once(int inSo) => _random.Next(inSo) == 0;

    public T Of<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];

    public T Of<T>(IReadOnlyCollection<T> values) => values.ElementAt(_random.Next(values.Count));

    public T? Maybe<T>(T value)
        where T : struct => Once(3) ? null : value;

    /// <summary>Two of them more often, so that much comes together in one.</summary>
    public string Group() => Once(2) ? Groups[Next(2)] : Of(Groups);

    public string Event() => Of(Events);

    public string Wrapper() => Of(Wrappers);

    public ulong Epoch() => Of(Epochs);

    /// <summary>A time of somebody's clock.</summary>
    public ulong Time() => Of<ulong>([0, 1, 2, 3, 3, 5, 8, Start - 5, Start, Start + 3, ulong.MaxValue]);

    public string Value(int bytes)
    {
        var value = new byte[bytes];
        _random.NextBytes(value);
        return Convert.ToHexStringLower(value);
    }

    /// <summary>An opaque value: small, sometimes empty, seldom large.</summary>
    public string Value() => Value(Once(200) ? 10_000 : Of<int>([0, 1, 4, 32]));

    public string Text(int limit) => Of<string>(["", "n", "name", new string('x', limit), new string('é', limit / 2), Once(4) ? new string('y', limit + 1) : "ok"]);

    /// <summary>A set of up to so many and, seldom, one more.</summary>
    public string Set(IReadOnlyList<string> from, int limit) =>
        string.Join(',', from.OrderBy(_ => _random.Next()).Take(Once(12) ? limit + 1 : Next(limit + 1)).Order(StringComparer.Ordinal));

    public string Urls(ModelSettings settings)
    {
        string prefix = "wss://";
        IEnumerable<string> hosts = ["a.b", "a.bc", "b.a/x", "c", new string('d', settings.MaxUrl - prefix.Length)];
        return Set([.. hosts.Append(Once(10) ? new string('e', settings.MaxUrl - prefix.Length + 1) : "e").Select(host => prefix + host)], settings.MaxRelays);
    }

    public ModelTags Tags() => Of<ModelTags>([new(), new([]), new(["e", "abc"]), new(["e", "abcd"], ["p", ""]), new(["x", "a\"b\\c"]), new(["x", "100%", "_"]), new(["\u0001\u001f\t", "\u007f\u2028😀"])]);

    /// <summary>What to look for in tags; LIKE's wildcards among them, which are no wildcards here.</summary>
    public string Needle() => Of<string>(["", "abc", "ABC", "%", "_", "\\", "\\\\", "\"e\"", "\\u0001", "\\t", "[[", "zz", "😀", "\",\""]);

    public ModelEvent Inner() => new(
        Once(3) ? null : Event(),
        Of(Keys),
        Time(),
        Of<ushort>([0, 9, 444, ushort.MaxValue]),
        Tags(),
        Of<string>(["", "hello", "\u0001\"\\", "😀"]));

    /// <summary>The event, made so long that it is exactly at its limit or, now and then, one byte beyond.</summary>
    public ModelEvent AtLimit(ModelEvent inner)
    {
        int room = ModelMessages.MaxEvent - ModelText.Bytes(inner.Json());
        return inner with { Content = inner.Content + new string('z', room + Next(2)) };
    }

    public string Seed() => _random.Next().ToString(CultureInfo.InvariantCulture);

    private static string Id(byte first, byte last)
    {
        var bytes = new byte[32];
        (bytes[0], bytes[31]) = (first, last);
        return Convert.ToHexStringLower(bytes);
    }
}
