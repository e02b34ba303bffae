using System.Text.Json;
using Larder.NostrMls.Tests.Contract;
using Xunit;

namespace Larder.NostrMls.Tests.Values;

/// <summary>The value types and the texts of the enumerations.</summary>
public sealed class ValueTests
{
    [Fact]
    public void Every_text_of_an_enumeration_round_trips_and_others_are_refused()
    {
        Check<GroupState>(EnumText.ToText, EnumText.ParseGroupState, "group state", ["active", "inactive", "pending"]);
        Check<MessageState>(EnumText.ToText, EnumText.ParseMessageState, "message state", ["created", "processed", "deleted", "epoch_invalidated"]);
        Check<ProcessedMessageState>(EnumText.ToText, EnumText.ParseProcessedMessageState, "processed message state", ["created", "processed", "processed_commit", "failed", "epoch_invalidated", "retryable"]);
        Check<WelcomeState>(EnumText.ToText, EnumText.ParseWelcomeState, "welcome state", ["pending", "accepted", "declined", "ignored"]);
        Check<ProcessedWelcomeState>(EnumText.ToText, EnumText.ParseProcessedWelcomeState, "processed welcome state", ["processed", "failed"]);
        Check<ExporterLabel>(EnumText.ToText, EnumText.ParseExporterLabel, "exporter label", ["group-event", "legacy-group-event", "encrypted-media"]);
        Check<MlsGroupDataKind>(
            EnumText.ToText, EnumText.ParseMlsGroupDataKind, "MLS group data kind",
            ["join_group_config", "tree", "interim_transcript_hash", "context", "confirmation_tag", "group_state", "message_secrets", "resumption_psk_store", "own_leaf_index", "group_epoch_secrets"]);
        Check<MessageSortOrder>(EnumText.ToText, EnumText.ParseMessageSortOrder, "message sort order", ["created_at_first", "processed_at_first"]);
        Check<StoreBackend>(EnumText.ToText, EnumText.ParseStoreBackend, "store backend", ["memory", "larder"]);
    }

    [Fact]
    public void Memory_is_not_persistent()
    {
        using var store = new NostrMlsStore();
        Assert.Equal(StoreBackend.Memory, store.Backend);
        Assert.False(store.Backend.IsPersistent());
        Assert.True(StoreBackend.Larder.IsPersistent());
        Assert.Equal(1000, store.Options.CacheSize);
    }

    [Fact]
    public void Self_update_states_are_numbers()
    {
        Assert.Equal(0UL, SelfUpdateState.Required.Number);
        Assert.True(default(SelfUpdateState).IsRequired);
        Assert.Null(SelfUpdateState.Required.CompletedAt);
        Assert.Equal(Some.At(7), SelfUpdateState.Completed(Some.At(7)).CompletedAt);
        Assert.Equal(SelfUpdateState.Completed(Some.At(ulong.MaxValue)), SelfUpdateState.FromNumber(ulong.MaxValue));
        Assert.Equal("[0,7]", JsonSerializer.Serialize(new[] { SelfUpdateState.Required, SelfUpdateState.Completed(Some.At(7)) }));
        Assert.Equal(SelfUpdateState.Completed(Some.At(7)), JsonSerializer.Deserialize<SelfUpdateState>("7"));
    }

    [Fact]
    public void An_mls_group_id_is_its_bytes()
    {
        MlsGroupId Of(params byte[] bytes) => new(bytes);
        byte[] mine = [1, 2];
        var id = new MlsGroupId(mine);
        mine[0] = 9;

        Assert.Equal(Of(1, 2), id);
        Assert.True(id == Of(1, 2) && id != Of(1, 3));
        Assert.Equal(Of(1, 2).GetHashCode(), id.GetHashCode());
        Assert.Equal(default, Of());
        Assert.Equal([Of(), Of(1), Of(1, 2), Of(1, 3), Of(2), Of(255)], new[] { Of(255), Of(1, 3), Of(2), Of(1), Of(), Of(1, 2) }.Order());
        MlsGroupId[] zerosAndLongOnes = [Of(), Of(0), Of(0, 0), Of(0, 0, 1), Of(1), Of(1, 0), Of(1, 0, 0, 0, 0, 0, 0, 0), Of(1, 0, 0, 0, 0, 0, 0, 0, 0), Of(1, 0, 0, 0, 0, 0, 0, 0, 7), Of(1, 0, 0, 0, 0, 0, 0, 1), Of(128)];
        Assert.Equal(zerosAndLongOnes, zerosAndLongOnes.Reverse().Order());
        Assert.True(Of(1) < Of(2) && Of(2) > Of(1) && Of(1) <= Of(1) && Of(1) >= Of(1));
        Assert.Equal("0102", id.ToHex());
        Assert.Equal(id, MlsGroupId.Parse("0102"));
        Assert.Equal("\"0102\"", JsonSerializer.Serialize(id));
        Assert.Equal(id, JsonSerializer.Deserialize<MlsGroupId>("\"0102\""));
        foreach (string bad in (string[])["1", "0G", "AB"])
        {
            Assert.Equal(MlsStoreErrorKind.InvalidParameters, Assert.Throws<MlsStoreException>(() => MlsGroupId.Parse(bad)).Kind);
        }
    }

    [Fact]
    public void Ids_of_32_bytes_are_ordered_by_bytes_and_written_in_lower_case_hex()
    {
        byte[] bytes = [.. Enumerable.Range(0, 32).Select(i => (byte)(0xF0 - i))];
        string hex = Convert.ToHexStringLower(bytes);
        var id = new EventId(bytes);
        Assert.Equal(hex, id.ToHex());
        Assert.Equal(bytes, id.ToArray());
        Assert.Equal(id, EventId.Parse(hex));
        Assert.Equal($"\"{hex}\"", JsonSerializer.Serialize(id));
        Assert.Equal(id, JsonSerializer.Deserialize<EventId>($"\"{hex}\""));
        Assert.Equal(new PublicKey(bytes), PublicKey.Parse(hex));
        Assert.Equal(new NostrGroupId(bytes), NostrGroupId.Parse(hex));
        Assert.Equal(new ImageHash(bytes), ImageHash.Parse(hex));

        Assert.Throws<ArgumentException>(() => new EventId(bytes.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => new NostrGroupId(new byte[33]));
        Assert.Throws<ArgumentException>(() => EventId.Parse(hex[2..]));
        Assert.Throws<MlsStoreException>(() => EventId.Parse(hex.ToUpperInvariant()));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<EventId>("\"00\""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<EventId>("5"));

        for (int i = 0; i < 32; i++)
        {
            byte[] greater = [.. bytes];
            greater[i]++;
            Assert.True(id < new EventId(greater) && new EventId(greater) > id && id <= new EventId(bytes) && id >= new EventId(bytes) && id != new EventId(greater));
        }
    }

    [Fact]
    public void A_relay_is_the_url_that_was_meant()
    {
        RelayUrl url = RelayUrl.Parse("wss://Relay.Example.com");
        Assert.Equal("wss://Relay.Example.com", url.Text);
        Assert.Equal(url, RelayUrl.Parse("wss://relay.example.com/"));
        Assert.Equal(url.GetHashCode(), RelayUrl.Parse("wss://relay.example.com:443/").GetHashCode());
        Assert.True(url == RelayUrl.Parse("wss://relay.example.com:443") && RelayUrl.Parse("ws://a:80") == RelayUrl.Parse("ws://a"));
        Assert.NotEqual(url, RelayUrl.Parse("ws://relay.example.com"));
        Assert.NotEqual(url, RelayUrl.Parse("wss://relay.example.com/path"));
        Assert.True(RelayUrl.Parse("ws://a") < RelayUrl.Parse("ws://b"));
        Assert.Equal("\"ws://a\"", JsonSerializer.Serialize(RelayUrl.Parse("ws://a")));
        foreach (string bad in (string[])["", "relay", "http://a", "wss://", "wss:a", "wss://a?u=ws://b", " wss://a", "/path"])
        {
            Assert.Equal(MlsStoreErrorKind.InvalidParameters, Assert.Throws<MlsStoreException>(() => RelayUrl.Parse(bad)).Kind);
            Assert.False(RelayUrl.TryParse(bad, out _));
        }
    }

    [Fact]
    public void Relays_of_groups_are_ordered_by_url_then_group() => Assert.Equal(
        [new GroupRelay(Some.Relay(1), Some.GroupId(2)), new GroupRelay(Some.Relay(2), Some.GroupId(1)), new GroupRelay(Some.Relay(2), Some.GroupId(3))],
        new[] { new GroupRelay(Some.Relay(2), Some.GroupId(3)), new GroupRelay(Some.Relay(2), Some.GroupId(1)), new GroupRelay(Some.Relay(1), Some.GroupId(2)) }.Order());

    [Fact]
    public void Compact_json_escapes_only_what_it_must()
    {
        var tags = new Tags([["\"\\\b\t\n\f\r\u0001\u001f", "\u007f\u2028\ue000\U0001f600</ä"], []]);
        string expected = """[["\"\\\b\t\n\f\r\u0001\u001f",""" + "\"\u007f\u2028\ue000\U0001f600</ä\"],[]]";
        Assert.Equal(expected, tags.ToJson());
        Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(expected), NostrMls.Values.CompactJson.SizeOf(tags));
        Assert.Equal(tags, JsonSerializer.Deserialize<Tags>(tags.ToJson()));
        Assert.Equal("[]", Tags.Empty.ToJson());

        foreach (UnsignedEvent unsigned in new[] { Some.Unsigned(1, "a\"b\u0002", tags), Some.Unsigned(1) with { Id = null, CreatedAt = Some.At(ulong.MaxValue), Kind = ushort.MaxValue } })
        {
            string json = unsigned.ToJson();
            Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(json), NostrMls.Values.CompactJson.SizeOf(unsigned));
            Assert.Equal(unsigned, UnsignedEvent.Parse(json));
            Assert.Equal(unsigned.Id is not null, json.StartsWith("""{"id":""", StringComparison.Ordinal));
            Assert.Equal(["pubkey", "created_at", "kind", "tags", "content"], JsonDocument.Parse(json).RootElement.EnumerateObject().Select(member => member.Name).Where(name => name != "id"));
        }

        foreach (string bad in (string[])["", "{}", "[]", """{"pubkey":"secret"}"""])
        {
            var refused = Assert.Throws<MlsStoreException>(() => UnsignedEvent.Parse(bad));
            Assert.Equal((MlsStoreErrorKind.Deserialization, false), (refused.Kind, refused.ToString().Contains("secret", StringComparison.Ordinal)));
        }

        Assert.Throws<ArgumentException>(() => new Tags([["x", null!]]));
        Assert.Throws<ArgumentException>(() => new Tags([null!]));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Tags>("[1]"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Tags>("[[1]]"));
    }

    [Fact]
    public void The_last_message_is_the_newest_in_display_order()
    {
        Group group = Some.Group(1);
        Assert.True(group.UpdateLastMessageIfNewer(Some.Message(1, 5, createdAt: 100, processedAt: 200)));
        Assert.Equal((Some.Event(5), Some.At(100), Some.At(200)), (group.LastMessageId!.Value, group.LastMessageAt!.Value, group.LastMessageProcessedAt!.Value));

        Assert.False(group.UpdateLastMessageIfNewer(Some.Message(1, 9, createdAt: 99, processedAt: 900)));    // older though processed later
        Assert.False(group.UpdateLastMessageIfNewer(Some.Message(1, 9, createdAt: 100, processedAt: 199)));
        Assert.False(group.UpdateLastMessageIfNewer(Some.Message(1, 5, createdAt: 100, processedAt: 200)));   // itself
        Assert.False(group.UpdateLastMessageIfNewer(Some.Message(1, 4, createdAt: 100, processedAt: 200)));
        Assert.True(group.UpdateLastMessageIfNewer(Some.Message(1, 6, createdAt: 100, processedAt: 200)));
        Assert.True(group.UpdateLastMessageIfNewer(Some.Message(1, 1, createdAt: 100, processedAt: 201)));
        Assert.True(group.UpdateLastMessageIfNewer(Some.Message(1, 2, createdAt: 101, processedAt: 1)));

        group.LastMessageProcessedAt = null;
        Assert.False(group.UpdateLastMessageIfNewer(Some.Message(1, 9, createdAt: 100)));
        Assert.True(group.UpdateLastMessageIfNewer(Some.Message(1, 1, createdAt: 101)));
        group.LastMessageId = null;
        Assert.False(group.UpdateLastMessageIfNewer(Some.Message(1, 9, createdAt: 101, processedAt: 999)));
        Assert.True(group.UpdateLastMessageIfNewer(Some.Message(1, 1, createdAt: 102)));
        Assert.Throws<ArgumentNullException>(() => group.UpdateLastMessageIfNewer(null!));
    }

    [Fact]
    public void Impossible_options_are_refused_all_at_once()
    {
        var options = new MlsStoreOptions
        {
            CacheSize = 0,
            MaxMessagesPerGroup = -1,
            MaxSnapshotsPerGroup = 0,
            SnapshotTtl = TimeSpan.Zero,
            TimeProvider = null!,
            OverflowPolicy = (OverflowPolicy)9,
            EraseDeletedWithin = TimeSpan.FromSeconds(-2),
        };
        string message = Assert.Throws<ArgumentException>(() => new NostrMlsStore(options)).Message;
        foreach (string name in (string[])["CacheSize", "MaxMessagesPerGroup", "MaxSnapshotsPerGroup", "SnapshotTtl", "TimeProvider", "OverflowPolicy", "EraseDeletedWithin"])
        {
            Assert.Contains(name, message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => new NostrMlsStore(0));
        Assert.Throws<ArgumentException>(() => new NostrMlsStore(-5));
        Assert.Throws<ArgumentNullException>(() => new NostrMlsStore((MlsStoreOptions)null!));
        using var small = new NostrMlsStore(5);
        Assert.Equal(5, small.Options.CacheSize);
    }

    private static void Check<T>(Func<T, string> text, Func<string, T> parse, string what, string[] expected)
        where T : struct, Enum
    {
        Assert.Equal(expected, Enum.GetValues<T>().Select(text));
        foreach (T value in Enum.GetValues<T>())
        {
            Assert.Equal(value, parse(text(value)));
            Assert.Equal($"\"{text(value)}\"", JsonSerializer.Serialize(value));
            Assert.Equal(value, JsonSerializer.Deserialize<T>($"\"{text(value)}\""));
        }

        foreach (string other in (string[])["xyz", "", expected[0].ToUpperInvariant(), " " + expected[0]])
        {
            var refused = Assert.Throws<MlsStoreException>(() => parse(other));
            Assert.Equal((MlsStoreErrorKind.InvalidParameters, $"Invalid {what}: {other}"), (refused.Kind, refused.Message));
        }
    }
}
