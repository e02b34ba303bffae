using System.Globalization;
using System.Text;
using Larder.Changes;
using Larder.Engine;
using Larder.Entries;
using Larder.Indexing;
using Larder.Locks;
using Larder.Primitives;

namespace Larder.Tests.Engine;

/// <summary>An engine without a door, over a recorder: what it writes, holds and shows, in the words of a test.</summary>
internal sealed class EngineRig : IDisposable
{
    private readonly ManualTimeProvider _time;

    public EngineRig(ManualTimeProvider time, StoreOptions options, ChangeRecorder? log = null)
    {
        _time = time;
        Options = options;
        Options.TimeProvider = time;
        Log = log ?? new ChangeRecorder();
        Hub = new WatchHub(Log);
        Clock = new MonotonicClock(time);
        Engine = new MemoryEngine(options, Hub, KeyFlights.New(), Clock);
    }

    public StoreOptions Options { get; }

    public ChangeRecorder Log { get; }

    public WatchHub Hub { get; }

    public MonotonicClock Clock { get; }

    public MemoryEngine Engine { get; }

    public long Set(string key, string value, Expiry expiry = default) =>
        Engine.Commit(Bytes(key), Record.Of(Bytes(value), ValueKind.Text), new Operation(Verb.Put, expiry)).Sequence;

    public bool Touch(string key, Expiry expiry) => Engine.Commit(Bytes(key), default, new Operation(Verb.Touch, expiry)).Applied;

    public bool Remove(string key) => Engine.Commit(Bytes(key), default, new Operation(Verb.Remove)).Applied;

    public void Increment(string key) => Engine.Commit(Bytes(key), default, new Operation(Verb.Increment) { By = 1 });

    public void Write(WriteBatch batch) => Engine.Commit(batch.ItemList);

    /// <summary>Another engine of the same options on the same clock, over the same log.</summary>
    public EngineRig Another() => new(_time, Options, Log);

    /// <summary>Every entry, in order.</summary>
    public List<Entry> Entries()
    {
        List<Entry> entries = [];
        using SnapshotScan scan = Engine.OpenScan(KeyRange.Under([]), reverse: false);
        while (scan.Next(out Entry entry))
        {
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>Every entry with its history: all that a reader could find out.</summary>
    public List<string> Shown()
    {
        List<string> shown = [string.Create(CultureInfo.InvariantCulture, $"{Engine.Count()} entries up to {Engine.LastSequence}")];
        foreach (Entry entry in Entries())
        {
            shown.Add($"{Line(entry)}; {string.Join(", ", Engine.History(entry.Utf8Key.Span).Select(Line))}");
        }

        return shown;
    }

    /// <summary>What an image of this moment must hold, taken from the histories.</summary>
    public List<string> Expected() =>
        [.. Entries().SelectMany(entry => Engine.History(entry.Utf8Key.Span).AsEnumerable().Reverse()).Select(Line)];

    /// <summary>Fills an engine of the same options from an image, if there is one, and what the log says after it.</summary>
    public EngineRig Restored(List<Change>? image = null, long upTo = 0)
    {
        EngineRig restored = Another();
        IChangeTarget target = restored.Engine.Restoration();
        target.Begin();
        foreach (Change change in image ?? [])
        {
            target.Apply(change);
        }

        foreach (Change change in Log.Changes.Where(change => change.Sequence > upTo))
        {
            target.Apply(change);
        }

        target.End(Engine.LastSequence);
        return restored;
    }

    public List<Change> Image()
    {
        using IChangeImage image = Engine.OpenImage();
        return Rest(image);
    }

    public static List<Change> Rest(IChangeImage image)
    {
        List<Change> rest = [];
        while (image.Next(out Change change))
        {
            rest.Add(change.Copy());
        }

        return rest;
    }

    public static string Line(Change change) =>
        Line(change.Key, change.Value, change.Version, change.ExpiresAt, change.ValueKind);

    public static string Line(Entry entry) => Line(entry.Key, entry.Value, entry.Version, entry.ExpiresAt, entry.Kind);

    public void Dispose() => Engine.Dispose();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Line(string key, ReadOnlyMemory<byte> value, long version, DateTimeOffset? expiresAt, ValueKind kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{key}={Encoding.UTF8.GetString(value.Span)} ({kind}) #{version} until {expiresAt:O}");
}
