using System.Text.Json;

namespace Larder.Comparisons.Peers.Durable;

/// <summary>
/// An old design: all entries in one JSON file that every put writes anew, under one lock, without a flush. It holds text, so a value
/// of bytes is kept as text from the start.
/// </summary>
internal sealed class JsonFile : DurablePeer
{
    public const string Title = "a JSON file rewritten by each put";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _entries = [];
    private readonly string _path;

    public JsonFile(string directory)
        : base(Title)
    {
        Directory.CreateDirectory(directory);
        _path = Path.Combine(directory, "storage.json");
    }

    public override void Put(int thread, string key, byte[] value)
    {
        lock (_gate)
        {
            _entries[key] = Convert.ToBase64String(value);
            Write();
        }
    }

    public override void Load(string[] keys, byte[][] values)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            _entries[keys[i]] = Convert.ToBase64String(values[i % values.Length]);
        }

        Write();
    }

    public override bool Get(string key, ref long sum)
    {
        lock (_gate)
        {
            return _entries.ContainsKey(key);
        }
    }

    public override void Dispose()
    {
    }

    private void Write()
    {
        using var file = new FileStream(_path, FileMode.Create);
        JsonSerializer.Serialize(file, _entries);
    }
}
