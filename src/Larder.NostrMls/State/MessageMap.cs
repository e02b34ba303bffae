using System.Runtime.CompilerServices;

namespace Larder.NostrMls.State;

/// <summary>
/// An immutable map of messages by id: a trie over the bits of the id's hash, three at a time, in which a message stands as soon as it is alone (Fredkin 1960). Finding takes about five steps
/// among thousands of messages; a change copies the nodes on its way, which are small and all of one size. The hash is keyed per process, so that senders cannot choose ids that collide.
/// </summary>
internal sealed class MessageMap
{
    internal static readonly MessageMap Empty = new(new Node(), 0);

    private const int Bits = 3;
    private const int Branches = 1 << Bits;
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
        object? slot = _root;
        for (; slot is Node node; hash >>= Bits)
        {
            slot = node[hash];
        }

        if (slot is StoredMessage message)
        {
            return message.Id == id ? message : null;
        }

        return slot is StoredMessage[] same ? Among(same, id) : null;
    }

    /// <summary>Adds a message, in place of one with the same id, which is handed out.</summary>
    internal MessageMap Set(StoredMessage message, out StoredMessage? before)
    {
        var root = (Node)Set(_root, message, (uint)message.Id.GetHashCode(), 0, out before);
        return new(root, before is null ? Count + 1 : Count);
    }

    /// <summary>Without the message of this id, which must be there.</summary>
    internal MessageMap Remove(EventId id)
    {
        Node root = _root.Copy();
        uint hash = (uint)id.GetHashCode();
        root[hash] = Remove(root[hash]!, id, hash >> Bits);
        return new(root, Count - 1);
    }

    /// <summary>What stands in a slot after a message came to it: the message, those of one hash, or a node with what stood there.</summary>
    /// <param name="slot">What stood there.</param>
    /// <param name="message">The message.</param>
    /// <param name="hash">The bits of its hash that are left.</param>
    /// <param name="used">How many bits are not.</param>
    /// <param name="before">The message that went for it.</param>
    private static object Set(object? slot, StoredMessage message, uint hash, int used, out StoredMessage? before)
    {
        before = null;
        switch (slot)
        {
            case null:
                return message;
            case Node node:
                Node copy = node.Copy();
                copy[hash] = Set(node[hash], message, hash >> Bits, used + Bits, out before);
                return copy;
            case StoredMessage[] same:
                before = Among(same, message.Id);
                return before is null ? [.. same, message] : Replaced(same, before, message);
        }

        var there = (StoredMessage)slot;
        if (there.Id == message.Id)
        {
            before = there;
            return message;
        }

        if (used >= HashBits)
        {
            return new[] { there, message };
        }

        var both = new Node();
        both[(uint)there.Id.GetHashCode() >> used] = there;
        both[hash] = Set(both[hash], message, hash >> Bits, used + Bits, out _);
        return both;
    }

    /// <summary>What stands in a slot after a message went from it. What is left alone needs no node of its own.</summary>
    private static object? Remove(object slot, EventId id, uint hash)
    {
        switch (slot)
        {
            case Node node:
                Node copy = node.Copy();
                copy[hash] = Remove(node[hash]!, id, hash >> Bits);
                return copy.Shortened();
            case StoredMessage[] same:
                StoredMessage[] rest = Without(same, id);
                return rest.Length == 1 ? rest[0] : rest;
            default:
                return null;
        }
    }

    private static StoredMessage[] Replaced(StoredMessage[] same, StoredMessage before, StoredMessage message) =>
        Array.ConvertAll(same, other => other == before ? message : other);

    private static StoredMessage[] Without(StoredMessage[] same, EventId id) => Array.FindAll(same, message => message.Id != id);

    private static StoredMessage? Among(StoredMessage[] same, EventId id) => Array.Find(same, message => message.Id == id);

    /// <summary>In each slot nothing, a message, a node, or the messages that share a hash.</summary>
    private sealed class Node
    {
        private Slots _slots;

        internal object? this[uint hash]
        {
            get => _slots[(int)(hash % Branches)];
            set => _slots[(int)(hash % Branches)] = value;
        }

        internal Node Copy() => (Node)MemberwiseClone();

        /// <summary>Nothing or a message, when that is all there is in the node; else the node.</summary>
        internal object? Shortened()
        {
            object? only = null;
            foreach (object? slot in _slots)
            {
                if (slot is Node or StoredMessage[] || (slot is not null && only is not null))
                {
                    return this;
                }

                only = slot ?? only;
            }

            return only;
        }

        [InlineArray(Branches)]
        private struct Slots
        {
            private object? _first;
        }
    }
}
