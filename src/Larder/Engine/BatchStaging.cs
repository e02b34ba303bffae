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
    internal bool EvaluateLocked(IReadOnlyList<BatchItem> items, ref CommitTime time, out long refusedBy)
    {
        refusedBy = 0;
        foreach (BatchItem item in items)
        {
            if (item.Operation == BatchOperation.Clear)
            {
                ClearLocked(item.KeyArray, ref time);
                continue;
            }

            ref Staged staged = ref StagedLocked(item.KeyArray, ref time);
            if (item.Operation != BatchOperation.Require)
            {
                Evaluation.Apply(OperationOf(item), item.ValueArray, item.KeyArray, ref staged, ref time, out _);
            }
            else if (staged.Version != item.Number)
            {
                refusedBy = staged.Before?.Version ?? 0;
                return false;
            }
        }

        return true;
    }

    /// <summary>What really changes.</summary>
    internal Span<Staged> Changes() => _staged.Where(static key => key.IsChanged).ToArray();

    private static Operation OperationOf(in BatchItem item) => item.Operation switch
    {
        BatchOperation.Set => new Operation(Verb.Put, item.Expiry) { Kind = item.Kind },
        BatchOperation.Increment => new Operation(Verb.Increment, item.Expiry) { By = item.Number },
        _ => new Operation(Verb.Remove),
    };

    private ref Staged StagedLocked(byte[] key, ref CommitTime time)
    {
        if (!_positions.TryGetValue(key, out int position))
        {
            ulong hash = engine.HashOf(key);
            var staged = new Staged { Hash = hash, ExpiresAt = Expiry.Never };
            if (!IsCleared)
            {
                engine.StageLocked(contents, contents.Table.Find(key, hash), hash, ref time, ref staged);
            }

            staged.NewKey = staged.Node is null ? key : null;
            position = _staged.Count;
            _staged.Add(staged);
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
            if (staged.Key.Length > prefix.Length && staged.Key.AsSpan().StartsWith(prefix))
            {
                staged.Take(ChangeKind.Clear);
            }
        }
    }
}
