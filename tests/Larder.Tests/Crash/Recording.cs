using System.Globalization;

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
    private readonly List<Commit> _commits = [];
    private int _begun;

    public string Name { get; } = name;

    public DiskImage Start => disk.Start;

    public IReadOnlyList<DiskOperation> Operations => disk.Operations;

    public int Calls => _calls.Count;

    /// <summary>What holds after the last call.</summary>
    public Promise Last => _calls.Count == 0 ? default : _calls[^1].Promise;

    /// <summary>
    /// A call has returned: what it promises holds from its last operation on; what it issued may be on the disk from its first. What is
    /// issued can also become less: a process that was killed takes with it what it had not written.
    /// </summary>
    public void Returned(string what, Promise promise)
    {
        _calls.Add(new Call(what, _begun, Operations.Count, promise));
        _begun = Operations.Count;
    }

    /// <summary>What the store holds after a commit of the call that is about to return. A number can be given twice, when a process was killed.</summary>
    public void Holds(long sequence, Content content) => _commits.Add(new Commit(sequence, _begun, content));

    /// <summary>What the store held after a commit, seen from a crash after so many operations.</summary>
    public Content? ContentAt(long sequence, int operations)
    {
        for (int i = _commits.Count - 1; i >= 0; i--)
        {
            if (_commits[i].Sequence == sequence && _commits[i].Begin <= operations)
            {
                return _commits[i].Content;
            }
        }

        return null;
    }

    /// <summary>The promises that count when the power fails after so many operations.</summary>
    public Promise PromiseAt(int operations)
    {
        Promise promise = default;
        foreach (Call call in _calls)
        {
            if (call.End <= operations)
            {
                promise = call.Promise;
            }
            else if (call.Begin < operations)
            {
                return call.Promise with { Acknowledged = promise.Acknowledged, Issued = Math.Max(promise.Issued, call.Promise.Issued) };
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
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{call.What}: acknowledged {call.Promise.Acknowledged}, issued {call.Promise.Issued}"));
            Tell(call.Begin, Math.Min(call.End, operations));
        }

        Tell(_begun, operations);
        return string.Join('\n', lines);

        void Tell(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                lines.Add($"    {Operations[i]}");
            }
        }
    }

    private readonly record struct Call(string What, int Begin, int End, Promise Promise);

    private readonly record struct Commit(long Sequence, int Begin, Content Content);
}
