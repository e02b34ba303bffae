using System.Collections.Immutable;

namespace Larder.NostrMls.Codec;

/// <summary>The form of messages, events and the records of what was processed.</summary>
internal static class EventCodec
{
    internal static void Write(ref RecordWriter to, Message message)
    {
        to.Id(message.Id);
        to.Key(message.Pubkey);
        to.Number(message.Kind);
        to.Bytes(message.MlsGroupId.Span);
        to.Number(message.CreatedAt.Value);
        to.Number(message.ProcessedAt.Value);
        to.Text(message.Content);
        Write(ref to, message.Tags);
        Write(ref to, message.Event);
        to.Id(message.WrapperEventId);
        to.Number(message.Epoch);
        to.Byte((byte)message.State);
    }

    internal static Message ReadMessage(ref RecordReader from) => new()
    {
        Id = from.Id(),
        Pubkey = from.Key(),
        Kind = (ushort)from.Number(),
        MlsGroupId = new MlsGroupId(from.Bytes()),
        CreatedAt = new UnixSeconds(from.Number()),
        ProcessedAt = new UnixSeconds(from.Number()),
        Content = from.Text(),
        Tags = ReadTags(ref from),
        Event = ReadEvent(ref from),
        WrapperEventId = from.Id(),
        Epoch = from.OptionalNumber(),
        State = (MessageState)from.Byte(),
    };

    internal static void Write(ref RecordWriter to, ProcessedMessage processed)
    {
        to.Id(processed.WrapperEventId);
        to.Id(processed.MessageEventId);
        to.Number(processed.ProcessedAt.Value);
        to.Number(processed.Epoch);
        to.Flag(processed.MlsGroupId is not null);
        if (processed.MlsGroupId is { } group)
        {
            to.Bytes(group.Span);
        }

        to.Byte((byte)processed.State);
        to.Text(processed.FailureReason, isNullable: true);
    }

    internal static ProcessedMessage ReadProcessed(ref RecordReader from) => new()
    {
        WrapperEventId = from.Id(),
        MessageEventId = from.OptionalId(),
        ProcessedAt = new UnixSeconds(from.Number()),
        Epoch = from.OptionalNumber(),
        MlsGroupId = from.Flag() ? new MlsGroupId(from.Bytes()) : null,
        State = (ProcessedMessageState)from.Byte(),
        FailureReason = from.OptionalText(),
    };

    internal static void Write(ref RecordWriter to, ProcessedWelcome processed, ImmutableSortedSet<MlsGroupId> groups)
    {
        to.Id(processed.WrapperEventId);
        to.Id(processed.WelcomeEventId);
        to.Number(processed.ProcessedAt.Value);
        to.Byte((byte)processed.State);
        to.Text(processed.FailureReason, isNullable: true);
        to.Number((ulong)groups.Count);
        foreach (MlsGroupId group in groups)
        {
            to.Bytes(group.Span);
        }
    }

    internal static (ProcessedWelcome Record, ImmutableSortedSet<MlsGroupId> Groups) ReadProcessedWelcome(ref RecordReader from)
    {
        var processed = new ProcessedWelcome
        {
            WrapperEventId = from.Id(),
            WelcomeEventId = from.OptionalId(),
            ProcessedAt = new UnixSeconds(from.Number()),
            State = (ProcessedWelcomeState)from.Byte(),
            FailureReason = from.OptionalText(),
        };
        ImmutableSortedSet<MlsGroupId>.Builder groups = ImmutableSortedSet.CreateBuilder<MlsGroupId>();
        for (ulong left = from.Number(); left > 0; left--)
        {
            groups.Add(new MlsGroupId(from.Bytes()));
        }

        return (processed, groups.ToImmutable());
    }

    internal static void Write(ref RecordWriter to, UnsignedEvent unsigned)
    {
        to.Id(unsigned.Id);
        to.Key(unsigned.PubKey);
        to.Number(unsigned.CreatedAt.Value);
        to.Number(unsigned.Kind);
        Write(ref to, unsigned.Tags);
        to.Text(unsigned.Content);
    }

    internal static UnsignedEvent ReadEvent(ref RecordReader from) => new()
    {
        Id = from.OptionalId(),
        PubKey = from.Key(),
        CreatedAt = new UnixSeconds(from.Number()),
        Kind = (ushort)from.Number(),
        Tags = ReadTags(ref from),
        Content = from.Text(),
    };

    private static void Write(ref RecordWriter to, Tags tags)
    {
        to.Number((ulong)tags.Count);
        foreach (ImmutableArray<string> tag in tags)
        {
            to.Number((ulong)tag.Length);
            foreach (string text in tag)
            {
                to.Text(text);
            }
        }
    }

    private static Tags ReadTags(ref RecordReader from)
    {
        var tags = new List<List<string>>();
        for (ulong left = from.Number(); left > 0; left--)
        {
            var tag = new List<string>();
            for (ulong texts = from.Number(); texts > 0; texts--)
            {
                tag.Add(from.Text());
            }

            tags.Add(tag);
        }

        return new Tags(tags);
    }
}
