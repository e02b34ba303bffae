using System.Runtime.InteropServices;
using Larder.Entries;
using Larder.Primitives;

namespace Larder.Engine;

/// <summary>
/// Works out, item by item, what a batch makes of every key it touches; publishes nothing. Used inside the store's gate, for one commit.
/// </summary>
internal sealed class BatchStaging(MemoryEngine engine, Contents contents, Utf8KeyComparer comparer)
{
    private readonly Dictionary<byte[], int> _positions = new(comparer);
    private readonly List<Staged> _staged = [];

    /// <summary>Whether everything goes: what is staged then stands in empty contents.</summary>
    internal bool IsCleared { get; private set; }

    /// <summary>The prefixes that were cleared, in order.</summary>
    internal List<byte[]> Cleared { get; } = [];

    /// <summary>False, with the version that was met instead, when a requirement does not hold.</summary>
    internal bool EvaluateLocked(IReadOnlyList<BatchItem> items, Record[] versions, ref CommitTime time, out long refusedBy)
    {
        refusedBy = 0;
        for (int i = 0; i < items.Count; i++)
        {
            BatchItem item = items[i];
            if (item.Operation == BatchOperation.Clear)
            {
                ClearLocked(item.KeyArray, ref time);
                continue;
            }

            ref Staged staged = ref StagedLocked(item.KeyArray, ref time);
            if (item.Operation != BatchOperation.Require)
            {
                Evaluation.Apply(OperationOf(item), versions[i], ref staged, ref time, out _);
            }
            else if (!staged.Meets(item.Number))
            {
                refusedBy = PresentVersionLocked(item.KeyArray, ref time);
                return false;
            }
        }

        return true;
    }

    /// <summary>What really changes.</summary>
    internal Span<Staged> Changes() => _staged.Where(static key => key.IsChanged).ToArray();

    private static Operation OperationOf(in BatchItem item) => item.Operation switch
    {
        BatchOperation.Set => new Operation(Verb.Put, item.Expiry),
        BatchOperation.Increment => new Operation(Verb.Increment, item.Expiry) { By = item.Number },
        _ => new Operation(Verb.Remove),
    };

    /// <summary>The version a key has in the store, whatever the batch would have made of it.</summary>
    private long PresentVersionLocked(byte[] key, ref CommitTime time) =>
        contents.Table.Find(key, engine.HashOf(key)) is { } node ? engine.StageLocked(contents, node, ref time).VersionBefore : 0;

    private ref Staged StagedLocked(byte[] key, ref CommitTime time)
    {
        if (!_positions.TryGetValue(key, out int position))
        {
            uint hash = engine.HashOf(key);
            Node? node = IsCleared ? null : contents.Table.Find(key, hash);
            position = _staged.Count;
            _staged.Add(node is null ? new Staged(new Node(key, hash), default) : engine.StageLocked(contents, node, ref time));
            _positions.Add(key, position);
        }

        return ref CollectionsMarshal.AsSpan(_staged)[position];
    }

    private void ClearLocked(byte[] prefix, ref CommitTime time)
    {
        if (prefix.Length == 0)
        {
            IsCleared = true;
            Cleared.Clear();
            _staged.Clear();
            _positions.Clear();
        }
        else if (!IsCleared)
        {
            foreach (Node node in contents.NodesUnder(prefix))
            {
                StagedLocked(node.Key, ref time);
            }
        }

        Cleared.Add(prefix);
        foreach (ref Staged staged in CollectionsMarshal.AsSpan(_staged))
        {
            if (staged.Node.Key.Length > prefix.Length && staged.Node.Key.AsSpan().StartsWith(prefix))
            {
                staged.Take(ChangeKind.Clear);
            }
        }
    }
}
