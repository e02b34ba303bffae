using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using Larder.NostrMls.Values;

namespace Larder.NostrMls.Operations;

/// <summary>What is refused because it is too long, too many or no value at all. At a limit is allowed. Strangers decide what comes in, so everything stored has a bound.</summary>
internal static class Limits
{
    internal const int MessageContent = 1_048_576;
    internal const int TagsJson = 102_400;
    internal const int EventJson = 102_400;
    internal const int FailureReason = 256;
    internal const int ImageKey = 32;
    internal const int ImageNonce = 12;

    internal static void Check(Group group, MlsStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(group.AdminPubkeys);
        Texts.GroupState.Check(group.State);
        CheckSecret(group.ImageKey, ImageKey, nameof(Group.ImageKey));
        CheckSecret(group.ImageNonce, ImageNonce, nameof(Group.ImageNonce));
        CheckName(group.Name, group.Description, options);
        AtMost("Group admin count exceeds maximum", group.AdminPubkeys.Count, options.MaxAdminsPerGroup, "");
    }

    internal static void Check(ImmutableSortedSet<RelayUrl> relays, MlsStoreOptions options)
    {
        AtMost("Relay count exceeds maximum", relays.Count, options.MaxRelaysPerGroup, "");
        CheckUrls(relays, options);
    }

    internal static void Check(ExporterSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(secret.Secret);
        Texts.ExporterLabel.Check(secret.Label);
        CheckSecret(secret.Secret, ExporterSecret.Size, nameof(ExporterSecret.Secret));
    }

    /// <summary>That nothing is missing; comes before the group is looked for, <see cref="CheckPayload"/> after.</summary>
    internal static void CheckWhole(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(message.Content);
        ArgumentNullException.ThrowIfNull(message.Tags);
        CheckWhole(message.Event);
        Texts.MessageState.Check(message.State);
    }

    internal static void CheckPayload(Message message)
    {
        if (message.Content.Length > MessageContent / 3)    // a character takes three bytes at most
        {
            AtMost("Message content exceeds maximum length", Encoding.UTF8.GetByteCount(message.Content), MessageContent);
        }

        if (!CompactJson.Fits(message.Tags, TagsJson, out long size))
        {
            AtMost("Tags JSON exceeds maximum length", size, TagsJson);
        }

        CheckEvent(message.Event);
    }

    internal static void Check(Welcome welcome, MlsStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(welcome);
        ArgumentNullException.ThrowIfNull(welcome.GroupAdminPubkeys);
        ArgumentNullException.ThrowIfNull(welcome.GroupRelays);
        CheckWhole(welcome.Event);
        Texts.WelcomeState.Check(welcome.State);
        CheckSecret(welcome.GroupImageKey, ImageKey, nameof(Welcome.GroupImageKey));
        CheckSecret(welcome.GroupImageNonce, ImageNonce, nameof(Welcome.GroupImageNonce));
        CheckName(welcome.GroupName, welcome.GroupDescription, options);
        AtMost("Welcome admin count exceeds maximum", welcome.GroupAdminPubkeys.Count, options.MaxAdminsPerWelcome, "");
        AtMost("Welcome relay count exceeds maximum", welcome.GroupRelays.Count, options.MaxRelaysPerWelcome, "");
        CheckUrls(welcome.GroupRelays, options);
        CheckEvent(welcome.Event);
    }

    internal static PageQuery Check(PageQuery query)
    {
        if (query.Limit is < 1 or > PageQuery.MaxLimit)
        {
            throw MlsStoreException.Invalid($"Limit must be between 1 and {PageQuery.MaxLimit}, but is {query.Limit}");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(query.Offset, nameof(query));
        return query;
    }

    /// <summary>The first 256 bytes, without splitting a character.</summary>
    internal static string? Cut(string? reason)
    {
        if (reason is null || Encoding.UTF8.GetByteCount(reason) <= FailureReason)
        {
            return reason;
        }

        Span<byte> bytes = stackalloc byte[FailureReason];
        Utf8.FromUtf16(reason, bytes, out int kept, out _);
        return reason[..kept];
    }

    private static void CheckWhole(UnsignedEvent unsigned)
    {
        ArgumentNullException.ThrowIfNull(unsigned);
        ArgumentNullException.ThrowIfNull(unsigned.Tags);
        ArgumentNullException.ThrowIfNull(unsigned.Content);
    }

    private static void CheckEvent(UnsignedEvent unsigned)
    {
        if (!CompactJson.Fits(unsigned, EventJson, out long size))
        {
            AtMost("Event JSON exceeds maximum length", size, EventJson);
        }
    }

    private static void CheckName(string name, string description, MlsStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(description);
        AtMost("Group name exceeds maximum length", Encoding.UTF8.GetByteCount(name), options.MaxGroupNameLength);
        AtMost("Group description exceeds maximum length", Encoding.UTF8.GetByteCount(description), options.MaxGroupDescriptionLength);
    }

    private static void CheckUrls(ImmutableSortedSet<RelayUrl> relays, MlsStoreOptions options)
    {
        foreach (RelayUrl relay in relays)
        {
            AtMost("Relay URL exceeds maximum length", Encoding.UTF8.GetByteCount(relay.Text), options.MaxRelayUrlLength);
        }
    }

    private static void CheckSecret(SecretBytes? secret, int size, string name)
    {
        if (secret is not null && secret.Length != size)
        {
            throw new ArgumentException($"{name} has {size} bytes, but {secret.Length} were given.");
        }

        ObjectDisposedException.ThrowIf(secret?.IsDisposed == true, typeof(SecretBytes));
    }

    private static void AtMost(string what, long actual, long limit, string unit = " bytes")
    {
        if (actual > limit)
        {
            throw MlsStoreException.Invalid($"{what} of {limit}{unit}: there are {actual}{unit}");
        }
    }
}
