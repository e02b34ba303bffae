using System.Globalization;

namespace Larder.Tests.Child;

/// <summary>What the parent asked for: words of the form <c>name=value</c>.</summary>
internal sealed class Arguments(string[] words)
{
    private readonly Dictionary<string, string> _values = words
        .Select(word => word.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "");

    public string Text(string name, string otherwise = "") => _values.GetValueOrDefault(name, otherwise);

    public long Number(string name, long otherwise = 0) =>
        _values.TryGetValue(name, out string? value) ? long.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The options of the store that is asked for.</summary>
    public StoreOptions Options() => new()
    {
        Path = Text("path"),
        ReadOnly = Has("readonly"),
        Durability = Has("mode") ? Enum.Parse<DurabilityMode>(Text("mode")) : null,
        FlushInterval = Has("interval") ? TimeSpan.FromMilliseconds(Number("interval")) : null,
        VersionsToKeep = Plan.Versions,
    };
}
