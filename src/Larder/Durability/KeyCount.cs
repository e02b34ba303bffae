using Larder.Changes;
using Larder.Primitives;

namespace Larder.Durability;

/// <summary>Counts the keys that changes leave behind, and keeps nothing else of them.</summary>
internal sealed class KeyCount : IChangeTarget
{
    private readonly HashSet<byte[]> _keys;
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    internal KeyCount()
    {
        _keys = new HashSet<byte[]>(new Utf8KeyComparer(KeyedHash.Random()));
        _byBytes = _keys.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    internal long Keys => _keys.Count;

    public void Begin() => _keys.Clear();

    public void Apply(in Change change)
    {
        ReadOnlySpan<byte> key = change.Utf8Key.Span;
        switch (change.Kind)
        {
            case ChangeKind.Set when !change.IsTouch:
                _byBytes.Add(key);
                break;
            case ChangeKind.Remove or ChangeKind.Expire or ChangeKind.Evict:
                _byBytes.Remove(key);
                break;
            case ChangeKind.Clear when key.IsEmpty:
                _keys.Clear();
                break;
            case ChangeKind.Clear:
                byte[] prefix = key.ToArray();
                _keys.RemoveWhere(candidate => candidate.Length > prefix.Length && candidate.AsSpan().StartsWith(prefix));
                break;
        }
    }

    public void End(long sequence)
    {
    }
}
