using System.Collections.Immutable;
using Larder.NostrMls.Codec;
using Larder.NostrMls.State;

namespace Larder.NostrMls.Durability;

/// <summary>Whose an item is, as its record says.</summary>
internal sealed record LoadedItem(MlsGroupId? Owner, long OwnerNumber, Item Item);

/// <summary>A snapshot, as its record says.</summary>
internal sealed record LoadedSnapshot(MlsGroupId Owner, string Name, UnixSeconds CreatedAt);

/// <summary>The values of records. Those that may hold secrets are written into a buffer of their final size, sealed, and the buffer is zeroed.</summary>
internal sealed class Records(Sealing sealing)
{
    internal byte[] ValueOf(string name, object record)
    {
        var count = RecordWriter.Counting();
        Write(ref count, record);
        if (record is not (OwnedItem or WelcomeNode))
        {
            var value = new byte[count.Length];
            var plain = RecordWriter.Over(value);
            Write(ref plain, record);
            return value;
        }

        using var buffer = new SecretBytes(count.Length);
        var to = RecordWriter.Over(buffer.Buffer);
        Write(ref to, record);
        return sealing.Seal(name, buffer.Span);
    }

    internal LoadedItem ReadItem(string name, long number, ReadOnlySpan<byte> value)
    {
        using SecretBytes plain = sealing.Open(name, value);
        var from = new RecordReader(plain.Span);
        (MlsGroupId? owner, long ownerNumber) = from.Flag() ? (new MlsGroupId(from.Bytes()), (long)from.Number()) : ((MlsGroupId?)null, 0L);
        var key = new ItemKey((ItemFamily)from.Byte(), from.Number(), from.Number(), from.Bytes().ToArray());
        var place = (long)from.Number();
        object content = key.Family switch
        {
            ItemFamily.GroupRecord => GroupCodec.ReadGroup(ref from),
            ItemFamily.Relays => GroupCodec.ReadRelays(ref from),
            _ => new SecretBytes(from.Bytes()),
        };
        from.End();
        return new LoadedItem(owner, ownerNumber, new Item(number, key, content, RecordSize.Of(content), place));
    }

    internal WelcomeNode ReadWelcome(string name, ReadOnlySpan<byte> value)
    {
        using SecretBytes plain = sealing.Open(name, value);
        var from = new RecordReader(plain.Span);
        var number = (long)from.Number();
        Welcome welcome = GroupCodec.ReadWelcome(ref from);
        from.End();
        return new WelcomeNode(welcome, number, RecordSize.Of(welcome), new Recency(number), number);
    }

    internal static LoadedSnapshot ReadSnapshot(ReadOnlySpan<byte> value)
    {
        var from = new RecordReader(value);
        var snapshot = new LoadedSnapshot(new MlsGroupId(from.Bytes()), from.Text(), new UnixSeconds(from.Number()));
        from.End();
        return snapshot;
    }

    internal static long ReadDeath(ReadOnlySpan<byte> value)
    {
        var from = new RecordReader(value);
        return (long)from.Number();
    }

    internal static Message ReadMessage(ReadOnlySpan<byte> value)
    {
        var from = new RecordReader(value);
        Message message = EventCodec.ReadMessage(ref from);
        from.End();
        return message;
    }

    internal static ProcessedMessage ReadProcessed(ReadOnlySpan<byte> value)
    {
        var from = new RecordReader(value);
        ProcessedMessage processed = EventCodec.ReadProcessed(ref from);
        from.End();
        return processed;
    }

    internal static (ProcessedWelcome Record, ImmutableSortedSet<MlsGroupId> Groups) ReadProcessedWelcome(ReadOnlySpan<byte> value)
    {
        var from = new RecordReader(value);
        (ProcessedWelcome, ImmutableSortedSet<MlsGroupId>) processed = EventCodec.ReadProcessedWelcome(ref from);
        from.End();
        return processed;
    }

    private static void Write(ref RecordWriter to, object record)
    {
        switch (record)
        {
            case OwnedItem owned:
                Write(ref to, owned);
                break;
            case DeadItem dead:
                to.Number((ulong)dead.Died);
                break;
            case OwnedSnapshot owned:
                to.Bytes(owned.Owner.Span);
                to.Text(owned.Snapshot.Name);
                to.Number(owned.Snapshot.CreatedAt.Value);
                break;
            case Message message:
                EventCodec.Write(ref to, message);
                break;
            case StoredProcessed processed:
                EventCodec.Write(ref to, processed.Record);
                break;
            case WelcomeNode welcome:
                to.Number((ulong)welcome.Number);
                GroupCodec.Write(ref to, welcome.Welcome);
                break;
            case StoredProcessedWelcome processed:
                EventCodec.Write(ref to, processed.Record, processed.Groups);
                break;
        }
    }

    private static void Write(ref RecordWriter to, OwnedItem owned)
    {
        to.Flag(owned.Owner is not null);
        if (owned.Owner is { } owner)
        {
            to.Bytes(owner.Id.Span);
            to.Number((ulong)owner.Number);
        }

        to.Byte((byte)owned.Item.Key.Family);
        to.Number(owned.Item.Key.First);
        to.Number(owned.Item.Key.Second);
        to.Bytes(owned.Item.Key.Bytes);
        to.Number((ulong)owned.Item.Place);
        switch (owned.Item.Content)
        {
            case Group group:
                GroupCodec.Write(ref to, group);
                break;
            case ImmutableSortedSet<RelayUrl> relays:
                GroupCodec.Write(ref to, relays);
                break;
            case SecretBytes secret:
                to.Bytes(secret.Span);
                break;
        }
    }
}
