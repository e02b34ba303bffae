namespace Larder.Tests.Crash;

/// <summary>What a store had promised, and what it may have written, when the power failed.</summary>
/// <param name="Acknowledged">Everything up to this commit must come back.</param>
/// <param name="Issued">Nothing behind this commit can come back.</param>
/// <param name="Now">The clock.</param>
internal readonly record struct Promise(long Acknowledged, long Issued, DateTimeOffset Now);

/// <summary>
/// A run of a store on a simulated disk: what was done to the disk, call by call, what each call promised, and what the store held
/// after each commit.
/// </summary>
internal sealed class Recording(string name, SimulatedDisk disk)
{
    private readonly List<Call> _calls = [];
    private readonly Dictionary<long, Content> _contents = [];
    private int _begun;

    public string Name { get; } = name;

    public DiskImage Start => disk.Start;

    public IReadOnlyList<DiskOperation> Operations => disk.Operations;

    public int Calls => _calls.Count;

    /// <summary>A call has returned. Its promise holds from its last operation on, what it issued from its first.</summary>
    public void Returned(string what, Promise promise)
    {
        _calls.Add(new Call(what, _begun, Operations.Count, promise));
        _begun = Operations.Count;
    }

    /// <summary>What the store holds after a commit.</summary>
    public void Holds(long sequence, Content content) => _contents[sequence] = content;

    public Content? ContentAt(long sequence) => _contents.GetValueOrDefault(sequence);

    /// <summary>The promises that count when the power fails after so many operations.</summary>
    public Promise PromiseAt(int operations)
    {
        Promise promise = default;
        foreach (Call call in _calls)
        {
            if (call.End <= operations)
            {
                promise = promise with { Acknowledged = Math.Max(promise.Acknowledged, call.Promise.Acknowledged), Issued = Math.Max(promise.Issued, call.Promise.Issued), Now = call.Promise.Now };
            }
            else if (call.Begin < operations)
            {
                promise = promise with { Issued = Math.Max(promise.Issued, call.Promise.Issued), Now = call.Promise.Now };
            }
        }

        return promise;
    }

    /// <summary>The calls and operations up to a crash, for people.</summary>
    public string Story(int operations)
    {
        var lines = new List<string>();
        foreach (Call call in _calls.Where(call => call.Begin < operations || call.End <= operations))
        {
            lines.Add($"{call.What}: acknowledged {call.Promise.Acknowledged}, issued {call.Promise.Issued}");
            for (int i = call.Begin; i < Math.Min(call.End, operations); i++)
            {
                lines.Add($"    {Operations[i]}");
            }
        }

        for (int i = _begun; i < operations; i++)
        {
            lines.Add($"    {Operations[i]}");
        }

        return string.Join('\n', lines);
    }

    private readonly record struct Call(string What, int Begin, int End, Promise Promise);
}
