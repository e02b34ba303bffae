using System.Numerics;

namespace Larder.NostrMls.State;

/// <summary>
/// An immutable map of messages by id: a trie over the bits of the id's hash, five at a time, whose nodes hold only the branches that there are (a hash array mapped trie, Bagwell 2001).
/// Finding takes two or three steps among thousands of messages; a change copies the nodes on its way. The hash is keyed per process, so that senders cannot choose ids that collide.
/// </summary>
internal sealed class MessageMap
{
    internal static readonly MessageMap Empty = new(new Node(0, []), 0);

    private const int Bits = 5;
    private const int HashBits = 32;

    private readonly Node _root;

    private MessageMap(Node root, int count)
    {
        _root = root;
        Count = count;
    }

    internal int Count { get; }

    internal StoredMessage? Find(EventId id)
    {
        uint hash = (uint)id.GetHashCode();
        Node node = _root;
        for (int shift = 0; shift < HashBits; shift += Bits)
        {
            uint bit = 1U << (int)((hash >> shift) & 31);
            if ((node.Present & bit) == 0)
            {
                return null;
            }

            object slot = node.Slots[node.Place(bit)];
            if (slot is StoredMessage message)
            {
                return message.Id == id ? message : null;
            }

            node = (Node)slot;
        }

        return Array.Find(node.Slots, slot => ((StoredMessage)slot).Id == id) as StoredMessage;
    }

    /// <summary>Adds a message, in place of one with the same id.</summary>
    internal MessageMap Set(StoredMessage message) => new(Set(_root, message, (uint)message.Id.GetHashCode(), 0, out bool isNew), Count + (isNew ? 1 : 0));

    /// <summary>Without the message of this id, which must be there.</summary>
    internal MessageMap Remove(EventId id) => new(Remove(_root, id, (uint)id.GetHashCode(), 0) ?? Empty._root, Count - 1);

    private static Node Set(Node node, StoredMessage message, uint hash, int shift, out bool isNew)
    {
        if (shift >= HashBits)
        {
            int same = Array.FindIndex(node.Slots, slot => ((StoredMessage)slot).Id == message.Id);
            isNew = same < 0;
            return isNew ? new Node(0, [.. node.Slots, message]) : node.With(same, message);
        }

        uint bit = 1U << (int)((hash >> shift) & 31);
        int at = node.Place(bit);
        if ((node.Present & bit) == 0)
        {
            isNew = true;
            var slots = new object[node.Slots.Length + 1];
            node.Slots.AsSpan(0, at).CopyTo(slots);
            slots[at] = message;
            node.Slots.AsSpan(at).CopyTo(slots.AsSpan(at + 1));
            return new Node(node.Present | bit, slots);
        }

        if (node.Slots[at] is Node child)
        {
            return node.With(at, Set(child, message, hash, shift + Bits, out isNew));
        }

        var other = (StoredMessage)node.Slots[at];
        isNew = other.Id != message.Id;
        if (!isNew)
        {
            return node.With(at, message);
        }

        Node both = Set(new Node(0, []), other, (uint)other.Id.GetHashCode(), shift + Bits, out _);
        return node.With(at, Set(both, message, hash, shift + Bits, out _));
    }

    /// <summary>Null when nothing is left.</summary>
    private static Node? Remove(Node node, EventId id, uint hash, int shift)
    {
        uint bit = shift >= HashBits ? 0 : 1U << (int)((hash >> shift) & 31);
        int at = bit == 0 ? Array.FindIndex(node.Slots, slot => ((StoredMessage)slot).Id == id) : node.Place(bit);
        if (node.Slots[at] is Node child && Remove(child, id, hash, shift + Bits) is { } rest)
        {
            // A message alone needs no node of its own.
            return node.With(at, rest.Slots is [StoredMessage last] ? last : rest);
        }

        return node.Slots.Length == 1 ? null : new Node(node.Present & ~bit, [.. node.Slots.AsSpan(0, at), .. node.Slots.AsSpan(at + 1)]);
    }

    /// <summary>A message or a node for each bit that is set; below the last bits of the hash all messages that share it.</summary>
    private sealed class Node(uint present, object[] slots)
    {
        internal readonly uint Present = present;
        internal readonly object[] Slots = slots;

        internal int Place(uint bit) => BitOperations.PopCount(Present & (bit - 1));

        internal Node With(int at, object slot)
        {
            var slots = (object[])Slots.Clone();
            slots[at] = slot;
            return new Node(Present, slots);
        }
    }
}
