using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Larder.Tests.Model;

/// <summary>A key with its present version and the kept ones before it, newest first. Values are text, so that differences can be read.</summary>
internal sealed record ModelEntry(string Key, string Value, ValueKind Kind, long Version, long? Deadline, ImmutableList<ModelEntry> Older)
{
    /// <summary>What the entry weighs against a bound: every kept version its key, its value and 64.</summary>
    public long Charge =>
        Encoding.UTF8.GetByteCount(Key) + Encoding.UTF8.GetByteCount(Value) + 64 + Older.Sum(version => version.Charge);

    /// <summary>How an entry is shown, from either side.</summary>
    public override string ToString() => Show(Key, Value, Kind, Version, Deadline);

    public static string Show(in Entry entry) =>
        Show(entry.Key, Encoding.UTF8.GetString(entry.Value.Span), entry.Kind, entry.Version, entry.ExpiresAt?.UtcTicks);

    public static string Show(string key, string value, ValueKind kind, long version, long? deadline) =>
        string.Create(CultureInfo.InvariantCulture, $"{key}={value}({kind}) v{version} until {deadline?.ToString(CultureInfo.InvariantCulture) ?? "ever"}");
}
