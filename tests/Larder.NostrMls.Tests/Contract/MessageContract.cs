using Xunit;

namespace Larder.NostrMls.Tests.Contract;

public abstract class MessageContract<TSubject> : ContractTest<TSubject>
    where TSubject : Subject, new()
{
    private static readonly MlsGroupId _group = Some.GroupId(1);

    [Fact]
    public void A_message_is_found_by_group_and_id()
    {
        NostrMlsStore store = WithGroup();
        Message saved = Some.Message(1, 1, createdAt: ulong.MaxValue, tags: new Tags([["e", "x"], []])) with { State = MessageState.Created, Epoch = null, Event = Some.Unsigned(1) with { Id = null } };

        store.SaveMessage(saved);

        Assert.Equal(saved, store.FindMessage(_group, Some.Event(1)));
        Assert.Null(store.FindMessage(_group, Some.Event(2)));
        Assert.Null(store.FindMessage(Some.GroupId(2), Some.Event(1)));
    }

    [Fact]
    public void A_message_of_an_unknown_group_is_refused_and_never_appears()
    {
        NostrMlsStore store = Open();
        Unknown(store, () => store.SaveMessage(Some.Message(1, 1)));
        Unknown(store, () => store.SaveMessage(Some.Message(1, 1, content: new string('x', 2_000_000))));   // the group comes before the limits

        store.SaveGroup(Some.Group(1));

        Assert.Null(store.FindMessage(_group, Some.Event(1)));
        Assert.Empty(store.GetMessages(_group));
    }

    [Fact]
    public void Saving_again_replaces_and_moves_in_both_orders()
    {
        NostrMlsStore store = WithGroup();
        store.SaveMessage(Some.Message(1, 1, createdAt: 100));
        store.SaveMessage(Some.Message(1, 2, createdAt: 200));

        store.SaveMessage(Some.Message(1, 1, createdAt: 300, content: "changed"));
        store.SaveMessage(store.FindMessage(_group, Some.Event(2))! with { State = MessageState.Deleted });

        Assert.Equal("changed", store.FindMessage(_group, Some.Event(1))!.Content);
        Assert.Equal(MessageState.Deleted, store.FindMessage(_group, Some.Event(2))!.State);
        Assert.Equal([1, 2], Ids(store.GetMessages(_group)));
        Assert.Equal([1, 2], Ids(store.GetMessages(_group, new MessageQuery { Order = MessageSortOrder.ProcessedAtFirst })));
        Assert.Equal(2, store.Usage.Messages.Entries);
    }

    [Fact]
    public void One_id_in_two_groups_is_two_messages()
    {
        NostrMlsStore store = WithGroup();
        store.SaveGroup(Some.Group(2));
        store.SaveMessage(Some.Message(1, 1, content: "one"));
        store.SaveMessage(Some.Message(2, 1, content: "two"));

        Assert.Equal("one", store.FindMessage(_group, Some.Event(1))!.Content);
        Assert.Equal("two", store.FindMessage(Some.GroupId(2), Some.Event(1))!.Content);
        Assert.Single(store.GetMessages(_group));
        Assert.True(store.DeleteMessage(_group, Some.Event(1)));
        Assert.NotNull(store.FindMessage(Some.GroupId(2), Some.Event(1)));
    }

    [Fact]
    public void Payloads_are_limited()
    {
        NostrMlsStore store = WithGroup();
        Tags TagsOf(int bytes) => new([["t", new string('x', bytes - """[["t",""]]""".Length)]]);
        UnsignedEvent EventOf(int bytes) => Some.Unsigned(1, new string('x', bytes - Some.Unsigned(1, "").ToJson().Length));
        store.SaveMessage(Some.Message(1, 1) with { Content = new string('x', 1_048_576), Tags = TagsOf(102_400), Event = EventOf(102_400) });

        Assert.Contains("1048576", Invalid(store, "Message content exceeds maximum length", () => store.SaveMessage(Some.Message(1, 2) with { Content = new string('x', 1_048_577) })).Message, StringComparison.Ordinal);
        Assert.Contains("102400", Invalid(store, "Tags JSON exceeds maximum length", () => store.SaveMessage(Some.Message(1, 2) with { Tags = TagsOf(102_401) })).Message, StringComparison.Ordinal);
        Assert.Contains("102400", Invalid(store, "Event JSON exceeds maximum length", () => store.SaveMessage(Some.Message(1, 2) with { Event = EventOf(102_401) })).Message, StringComparison.Ordinal);
        store.SaveMessage(Some.Message(1, 3) with { Content = new string('\u20ac', 349_525) + "x", Tags = new Tags([["t", new string('\u0001', 17_065)]]) });   // three bytes, six bytes each
        Invalid(store, "Message content exceeds maximum length", () => store.SaveMessage(Some.Message(1, 2) with { Content = new string('\u20ac', 349_525) + "xy" }));
        Invalid(store, "Tags JSON exceeds maximum length", () => store.SaveMessage(Some.Message(1, 2) with { Tags = new Tags([["t", new string('\u0001', 17_066)]]) }));
        Assert.Throws<ArgumentNullException>(() => store.SaveMessage(null!));
        Assert.Throws<ArgumentNullException>(() => store.SaveMessage(Some.Message(1, 2) with { Content = null! }));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.SaveMessage(Some.Message(1, 2) with { State = (MessageState)9 }));
        Assert.Null(store.FindMessage(_group, Some.Event(2)));
    }

    [Fact]
    public void Pages_are_slices_of_one_order()
    {
        NostrMlsStore store = WithGroup();
        for (int i = 1; i <= 25; i++)
        {
            store.SaveMessage(Some.Message(1, i, createdAt: (ulong)(i * 7 % 25)));
        }

        Message[] all = [.. store.GetMessages(_group)];
        Assert.Equal(25, all.Length);
        Assert.Equal([10, 10, 5, 0], Enumerable.Range(0, 4).Select(page => store.GetMessages(_group, new MessageQuery { Limit = 10, Offset = page * 10 }).Count));
        Assert.Equal(all, Enumerable.Range(0, 3).SelectMany(page => store.GetMessages(_group, new MessageQuery { Limit = 10, Offset = page * 10 })));
        Assert.Empty(store.GetMessages(_group, new MessageQuery { Offset = 2_000_000 }));
        Assert.Empty(store.GetMessages(_group, new MessageQuery { Offset = int.MaxValue }));
    }

    [Fact]
    public void Limits_of_pages_are_checked_first()
    {
        NostrMlsStore store = WithGroup();
        Invalid(store, "Limit must be between 1 and 10000", () => store.GetMessages(_group, new MessageQuery { Limit = 0 }));
        Invalid(store, "Limit must be between 1 and 10000", () => store.GetMessages(_group, new MessageQuery { Limit = 20_000 }));
        Invalid(store, "Limit must be between 1 and 10000", () => store.GetMessages(Some.GroupId(2), new MessageQuery { Limit = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.GetMessages(_group, new MessageQuery { Offset = -1 }));
        Unknown(store, () => store.GetMessages(Some.GroupId(2)));
        Assert.Empty(store.GetMessages(_group, new MessageQuery { Limit = 1 }));
        Assert.Empty(store.GetMessages(_group, new MessageQuery { Limit = 10_000 }));
    }

    [Fact]
    public void Both_orders_are_descending_down_to_the_id()
    {
        NostrMlsStore store = WithGroup();
        store.SaveMessage(Some.Message(1, 1, createdAt: 100, processedAt: 400));
        store.SaveMessage(Some.Message(1, 2, createdAt: 200, processedAt: 300));
        store.SaveMessage(Some.Message(1, 3, createdAt: 200, processedAt: 350));
        store.SaveMessage(Some.Message(1, 4, createdAt: 200, processedAt: 350));
        int[] byCreated = [4, 3, 2, 1];
        int[] byProcessed = [1, 4, 3, 2];

        foreach ((MessageSortOrder order, int[] expected) in new[] { (MessageSortOrder.CreatedAtFirst, byCreated), (MessageSortOrder.ProcessedAtFirst, byProcessed) })
        {
            Assert.Equal(expected, Ids([.. store.GetMessages(_group, new MessageQuery { Limit = 2, Order = order }), .. store.GetMessages(_group, new MessageQuery { Limit = 2, Offset = 2, Order = order })]));
            Assert.Equal(Some.Event(expected[0]), store.GetLastMessage(_group, order)!.Id);
        }
    }

    [Fact]
    public void The_last_message_of_an_empty_group_is_none()
    {
        NostrMlsStore store = WithGroup();
        Assert.Null(store.GetLastMessage(_group));
        Unknown(store, () => store.GetLastMessage(Some.GroupId(2)));
    }

    [Fact]
    public void A_group_keeps_its_newest_messages()
    {
        List<MlsEviction> evictions = [];
        NostrMlsStore store = WithGroup(new MlsStoreOptions { MaxMessagesPerGroup = 5, Evicted = evictions.Add });
        for (int i = 1; i <= 7; i++)
        {
            store.SaveMessage(Some.Message(1, i, createdAt: (ulong)(100 * i)));
        }

        store.SaveMessage(Some.Message(1, 7, createdAt: 1));   // an update evicts nothing, however old
        Assert.Equal([6, 5, 4, 3, 7], Ids(store.GetMessages(_group)));

        store.SaveMessage(Some.Message(1, 8, createdAt: 0));   // the oldest itself is not among the newest
        Assert.Null(store.FindMessage(_group, Some.Event(8)));
        Assert.Equal([1, 2, 8], evictions.Select(eviction => Enumerable.Range(1, 8).First(n => Some.Event(n) == eviction.Id)));
        Assert.All(evictions, eviction => Assert.Equal((MlsEvicted.Message, MlsEvictionReason.MaxMessagesPerGroup, _group), (eviction.What, eviction.Reason, eviction.MlsGroupId!.Value)));
    }

    [Fact]
    public void A_group_keeps_ten_thousand_messages()
    {
        NostrMlsStore store = WithGroup();
        store.RunInTransaction(handle =>
        {
            for (int i = 0; i < 10_005; i++)
            {
                handle.SaveMessage(Some.Message(1, i, createdAt: (ulong)i));
            }
        });

        Assert.Equal(10_000, store.GetMessages(_group, new MessageQuery { Limit = 10_000 }).Count);
        Assert.Equal(1_000, store.GetMessages(_group).Count);   // the default
        Assert.Equal(10_000, store.Usage.Messages.Entries);
        Assert.Null(store.FindMessage(_group, Some.Event(4)));
        Assert.NotNull(store.FindMessage(_group, Some.Event(5)));
    }

    [Fact]
    public void Records_of_processed_events_are_kept_and_never_evicted()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 5 });
        ProcessedMessage first = Some.Processed(0, group: null, epoch: 3, message: 4) with { FailureReason = "why" };
        store.SaveProcessedMessage(first);
        for (int i = 1; i <= 50; i++)
        {
            store.SaveProcessedMessage(Some.Processed(i));
        }

        Assert.Equal(first, store.FindProcessedMessage(Some.Wrapper(0)));
        Assert.Null(store.FindProcessedMessage(Some.Wrapper(51)));
        store.SaveProcessedMessage(Some.Processed(0, group: 2, state: ProcessedMessageState.Failed));
        Assert.Equal(Some.Processed(0, group: 2, state: ProcessedMessageState.Failed), store.FindProcessedMessage(Some.Wrapper(0)));
    }

    [Fact]
    public void A_failure_reason_is_cut_to_256_bytes_between_characters()
    {
        NostrMlsStore store = Open();
        (string? Given, string? Kept)[] cases =
        [
            (null, null), ("", ""), (new string('x', 256), new string('x', 256)), (new string('x', 300), new string('x', 256)),
            (new string('x', 255) + "ä", new string('x', 255)), (new string('x', 253) + "\U0001f600", new string('x', 253)), (new string('x', 252) + "\U0001f600y", new string('x', 252) + "\U0001f600"),
        ];
        foreach ((string? given, string? kept) in cases)
        {
            store.SaveProcessedMessage(Some.Processed(1) with { FailureReason = given });
            store.SaveProcessedWelcome(Some.ProcessedWelcome(1) with { FailureReason = given });
            Assert.Equal(kept, store.FindProcessedMessage(Some.Wrapper(1))!.FailureReason);
            Assert.Equal(kept, store.FindProcessedWelcome(Some.Wrapper(1))!.FailureReason);
        }
    }

    [Fact]
    public void A_rewrapped_event_is_found_by_its_inner_id_within_a_group()
    {
        NostrMlsStore store = Open();
        store.SaveProcessedMessage(Some.Processed(5, message: 1));
        store.SaveProcessedMessage(Some.Processed(3, message: 1));
        store.SaveProcessedMessage(Some.Processed(1, group: 2, message: 1));
        store.SaveProcessedMessage(Some.Processed(2, group: null, message: 1));

        Assert.Equal(Some.Wrapper(3), store.FindProcessedMessageByMessageId(_group, Some.Event(1))!.WrapperEventId);
        Assert.Equal(Some.Wrapper(1), store.FindProcessedMessageByMessageId(Some.GroupId(2), Some.Event(1))!.WrapperEventId);
        Assert.Null(store.FindProcessedMessageByMessageId(_group, Some.Event(2)));
        store.SaveProcessedMessage(Some.Processed(3, message: 2));
        Assert.Equal(Some.Wrapper(5), store.FindProcessedMessageByMessageId(_group, Some.Event(1))!.WrapperEventId);
    }

    [Fact]
    public void Only_failed_records_become_retryable()
    {
        NostrMlsStore store = Open();
        ProcessedMessage failed = Some.Processed(1, state: ProcessedMessageState.Failed) with { FailureReason = "why" };
        store.SaveProcessedMessage(failed);
        store.SaveProcessedMessage(Some.Processed(2));

        store.MarkRetryable(Some.Wrapper(1));

        Assert.Equal(failed with { State = ProcessedMessageState.Retryable }, store.FindProcessedMessage(Some.Wrapper(1)));
        Refused(store, MlsStoreErrorKind.NotFound, "no failed record", () => store.MarkRetryable(Some.Wrapper(1)));
        Refused(store, MlsStoreErrorKind.NotFound, "no failed record", () => store.MarkRetryable(Some.Wrapper(2)));
        Refused(store, MlsStoreErrorKind.NotFound, "no failed record", () => store.MarkRetryable(Some.Wrapper(3)));
    }

    [Fact]
    public void Failed_records_without_an_epoch_are_found_for_a_retry()
    {
        NostrMlsStore store = Open();
        store.SaveProcessedMessage(Some.Processed(3, state: ProcessedMessageState.Failed));
        store.SaveProcessedMessage(Some.Processed(1, state: ProcessedMessageState.Failed));
        store.SaveProcessedMessage(Some.Processed(2, epoch: 1, state: ProcessedMessageState.Failed));
        store.SaveProcessedMessage(Some.Processed(4));
        store.SaveProcessedMessage(Some.Processed(5, group: 2, state: ProcessedMessageState.Failed));

        Assert.Equal([Some.Wrapper(1), Some.Wrapper(3)], store.FindFailedMessagesForRetry(_group));
        Assert.Empty(store.FindFailedMessagesForRetry(Some.GroupId(9)));
    }

    [Fact]
    public void Only_what_is_above_the_epoch_is_invalidated()
    {
        NostrMlsStore store = WithGroup();
        store.SaveMessage(Some.Message(1, 4, epoch: 4, createdAt: 1));
        store.SaveMessage(Some.Message(1, 3, epoch: 3) with { State = MessageState.Deleted });
        store.SaveMessage(Some.Message(1, 2, epoch: 2));
        store.SaveMessage(Some.Message(1, 1, epoch: null));
        store.SaveMessage(Some.Message(1, 5, epoch: 9) with { State = MessageState.EpochInvalidated });
        foreach ((int number, ulong? epoch) in new (int, ulong?)[] { (14, 4), (13, 3), (12, 2), (11, null) })
        {
            store.SaveProcessedMessage(Some.Processed(number, epoch: epoch, state: ProcessedMessageState.Failed) with { FailureReason = "why" });
        }

        store.SaveProcessedMessage(Some.Processed(15, group: 2, epoch: 9));

        Assert.Equal([Some.Event(3), Some.Event(4), Some.Event(5)], store.InvalidateMessagesAfterEpoch(_group, 2));
        Assert.Equal([Some.Wrapper(13), Some.Wrapper(14)], store.InvalidateProcessedMessagesAfterEpoch(_group, 2));

        Assert.Equal([5, 3, 4], Ids(store.FindInvalidatedMessages(_group)));
        Assert.Equal([Some.Wrapper(13), Some.Wrapper(14)], store.FindInvalidatedProcessedMessages(_group).Select(record => record.WrapperEventId));
        Assert.All(store.FindInvalidatedProcessedMessages(_group), record => Assert.Equal("why", record.FailureReason));
        Assert.Equal(MessageState.Processed, store.FindMessage(_group, Some.Event(2))!.State);
        Assert.Equal(ProcessedMessageState.Processed, store.FindProcessedMessage(Some.Wrapper(15))!.State);
        Assert.Equal(3, store.InvalidateMessagesAfterEpoch(_group, 2).Count);
        Assert.Empty(store.InvalidateMessagesAfterEpoch(Some.GroupId(9), 0));
        Assert.Empty(store.InvalidateProcessedMessagesAfterEpoch(Some.GroupId(9), 0));
        Assert.Empty(store.FindInvalidatedMessages(Some.GroupId(9)));
        Assert.Empty(store.FindInvalidatedProcessedMessages(Some.GroupId(9)));
        Assert.Empty(store.InvalidateMessagesAfterEpoch(_group, ulong.MaxValue));
    }

    [Fact]
    public void An_epoch_is_found_by_the_tags_as_they_are_written()
    {
        NostrMlsStore store = WithGroup();
        store.SaveMessage(Some.Message(1, 1, createdAt: 1, epoch: 11, tags: new Tags([["x", "100% of a_b\\c"]])));
        store.SaveMessage(Some.Message(1, 2, createdAt: 2, epoch: 12, tags: new Tags([["x", "hash"], ["y"]])));
        store.SaveMessage(Some.Message(1, 3, createdAt: 3, epoch: null, tags: new Tags([["x", "hash"]])));
        store.SaveMessage(Some.Message(1, 4, createdAt: 0, epoch: 14, tags: new Tags([["x", "hash"]])));

        Assert.Equal(12UL, store.FindMessageEpochByTagContent(_group, "hash"));
        Assert.Equal(12UL, store.FindMessageEpochByTagContent(_group, """["x","hash"],["y"]"""));
        Assert.Equal(11UL, store.FindMessageEpochByTagContent(_group, "0% of"));
        Assert.Equal(11UL, store.FindMessageEpochByTagContent(_group, "a_b"));
        Assert.Equal(11UL, store.FindMessageEpochByTagContent(_group, "b\\\\c"));
        Assert.Null(store.FindMessageEpochByTagContent(_group, "1%a"));
        Assert.Null(store.FindMessageEpochByTagContent(_group, "aXb"));
        Assert.Null(store.FindMessageEpochByTagContent(_group, "HASH"));
        Assert.Null(store.FindMessageEpochByTagContent(Some.GroupId(9), "hash"));
        Assert.Throws<ArgumentNullException>(() => store.FindMessageEpochByTagContent(_group, null!));
    }

    [Fact]
    public void Messages_are_deleted_and_nothing_else_of_the_group()
    {
        NostrMlsStore store = WithGroup();
        store.SaveGroup(Some.Group(2));
        store.SaveExporterSecret(Some.Exporter(1, 1));
        store.Mls.WriteGroupData(_group, MlsGroupDataKind.Tree, Some.Value(1));
        store.SaveProcessedMessage(Some.Processed(1));
        store.SaveMessage(Some.Message(2, 1));
        for (int i = 0; i < 40; i++)
        {
            store.SaveMessage(Some.Message(1, i));
        }

        Assert.Equal(40, store.DeleteMessages(_group));
        Assert.Equal(0, store.DeleteMessages(_group));
        Assert.Equal(0, store.DeleteMessages(Some.GroupId(9)));

        Assert.Empty(store.GetMessages(_group));
        Assert.NotNull(store.FindGroup(_group));
        Assert.NotNull(store.GetExporterSecret(_group, 1, ExporterLabel.GroupEvent));
        Assert.NotNull(store.Mls.ReadGroupData(_group, MlsGroupDataKind.Tree));
        Assert.NotNull(store.FindProcessedMessage(Some.Wrapper(1)));
        Assert.NotNull(store.FindMessage(Some.GroupId(2), Some.Event(1)));
    }

    [Fact]
    public void One_message_is_deleted()
    {
        NostrMlsStore store = WithGroup();
        store.SaveMessage(Some.Message(1, 1));

        Assert.True(store.DeleteMessage(_group, Some.Event(1)));
        Assert.False(store.DeleteMessage(_group, Some.Event(1)));
        Assert.False(store.DeleteMessage(Some.GroupId(9), Some.Event(1)));
        Assert.Equal(new MlsFamilyUsage(0, 0), store.Usage.Messages);
    }

    [Fact]
    public void Messages_before_a_time_are_deleted()
    {
        NostrMlsStore store = WithGroup();
        foreach (ulong at in (ulong[])[100, 200, 300])
        {
            store.SaveMessage(Some.Message(1, (int)at, createdAt: at));
        }

        Assert.Equal(2, store.DeleteMessagesBefore(_group, Some.At(250)));
        Assert.Equal(0, store.DeleteMessagesBefore(_group, Some.At(300)));
        Assert.Equal(0, store.DeleteMessagesBefore(Some.GroupId(9), Some.At(300)));
        Assert.Equal([300], Ids(store.GetMessages(_group)));
    }

    [Fact]
    public void Records_of_a_group_are_deleted_listed_or_not()
    {
        NostrMlsStore store = Open();
        store.SaveProcessedMessage(Some.Processed(1));
        store.SaveProcessedMessage(Some.Processed(2, message: 1));
        store.SaveProcessedMessage(Some.Processed(3, group: 2));
        store.SaveProcessedMessage(Some.Processed(4, group: null));

        Assert.Equal(2, store.DeleteProcessedMessages(_group));
        Assert.Equal(0, store.DeleteProcessedMessages(_group));

        Assert.Null(store.FindProcessedMessage(Some.Wrapper(1)));
        Assert.Null(store.FindProcessedMessageByMessageId(_group, Some.Event(1)));
        Assert.NotNull(store.FindProcessedMessage(Some.Wrapper(3)));
        Assert.NotNull(store.FindProcessedMessage(Some.Wrapper(4)));
    }

    [Fact]
    public void Processed_records_are_pruned_strictly_older()
    {
        NostrMlsStore store = Open();
        store.SaveProcessedMessage(Some.Processed(1) with { ProcessedAt = Some.At(9) });
        store.SaveProcessedMessage(Some.Processed(2) with { ProcessedAt = Some.At(10) });
        store.SaveProcessedWelcome(Some.ProcessedWelcome(3) with { ProcessedAt = Some.At(9) });
        store.SaveProcessedWelcome(Some.ProcessedWelcome(4) with { ProcessedAt = Some.At(10) });

        Assert.Equal(2, store.PruneProcessedRecords(Some.At(10)));

        Assert.Null(store.FindProcessedMessage(Some.Wrapper(1)));
        Assert.NotNull(store.FindProcessedMessage(Some.Wrapper(2)));
        Assert.Null(store.FindProcessedWelcome(Some.Wrapper(3)));
        Assert.NotNull(store.FindProcessedWelcome(Some.Wrapper(4)));
    }

    [Fact]
    public void Text_comes_back_as_it_was()
    {
        NostrMlsStore store = WithGroup();
        string[] texts = ["", "\0", "\ud800 alone", "grüße \U0001f600", "\"\\\n\u2028\u007f"];
        for (int i = 0; i < texts.Length; i++)
        {
            store.SaveMessage(Some.Message(1, i, content: texts[i], tags: new Tags([[texts[i]]])));
            Assert.Equal(texts[i], store.FindMessage(_group, Some.Event(i))!.Content);
        }
    }

    private static IEnumerable<int> Ids(IReadOnlyList<Message> messages) => messages.Select(message => Enumerable.Range(0, 1000).First(number => Some.Event(number) == message.Id));

    private NostrMlsStore WithGroup(MlsStoreOptions? options = null)
    {
        NostrMlsStore store = Open(options);
        store.SaveGroup(Some.Group(1));
        return store;
    }
}
