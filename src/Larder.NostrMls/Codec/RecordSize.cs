using System.Collections.Immutable;

namespace Larder.NostrMls.Codec;

/// <summary>How many bytes records come to: what usage counts in, and what buffers are allocated for.</summary>
internal static class RecordSize
{
    internal static int Of(Message message)
    {
        var count = RecordWriter.Counting();
        EventCodec.Write(ref count, message);
        return count.Length;
    }

    internal static int Of(ProcessedMessage processed)
    {
        var count = RecordWriter.Counting();
        EventCodec.Write(ref count, processed);
        return count.Length;
    }

    internal static int Of(ProcessedWelcome processed, ImmutableSortedSet<MlsGroupId> groups)
    {
        var count = RecordWriter.Counting();
        EventCodec.Write(ref count, processed, groups);
        return count.Length;
    }

    internal static int Of(Welcome welcome)
    {
        var count = RecordWriter.Counting();
        GroupCodec.Write(ref count, welcome);
        return count.Length;
    }

    /// <summary>Of the content of an item.</summary>
    internal static int Of(object content)
    {
        var count = RecordWriter.Counting();
        switch (content)
        {
            case Group group:
                GroupCodec.Write(ref count, group);
                break;
            case ImmutableSortedSet<RelayUrl> relays:
                GroupCodec.Write(ref count, relays);
                break;
            case SecretBytes secret:
                return secret.Length;
        }

        return count.Length;
    }
}
