using Xunit;

namespace Larder.NostrMls.Tests.Contract;

public abstract class GroupContract<TSubject> : ContractTest<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void A_group_is_found_by_both_ids_as_the_same_record()
    {
        NostrMlsStore store = Open();
        Group saved = Some.Group(1) with
        {
            ImageHash = new ImageHash(Some.Value(1, 32)),
            ImageKey = Some.Secret(2),
            ImageNonce = Some.Secret(3, 12),
            LastMessageId = Some.Event(4),
            LastMessageAt = Some.At(ulong.MaxValue),
            LastMessageProcessedAt = Some.At(6),
            Epoch = ulong.MaxValue,
            SelfUpdate = SelfUpdateState.Completed(Some.At(8)),
            DisappearingMessageSeconds = 9,
        };

        store.SaveGroup(saved);

        Assert.Equal(saved, store.FindGroup(Some.GroupId(1)));
        Assert.Equal(saved, store.FindGroup(Some.NostrId(1)));
        Assert.Null(store.FindGroup(Some.GroupId(2)));
        Assert.Null(store.FindGroup(Some.NostrId(2)));
    }

    [Fact]
    public void All_groups_are_listed_ascending()
    {
        NostrMlsStore store = Open();
        Assert.Empty(store.GetAllGroups());

        foreach (int number in (int[])[3, 1, 2])
        {
            store.SaveGroup(Some.Group(number));
        }

        Assert.Equal([Some.GroupId(1), Some.GroupId(2), Some.GroupId(3)], store.GetAllGroups().Select(group => group.MlsGroupId));
    }

    [Fact]
    public void Saving_again_replaces_every_member()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1) with { ImageKey = Some.Secret(1), DisappearingMessageSeconds = 5, LastMessageAt = Some.At(1) });
        Group second = Some.Group(1, GroupState.Inactive, epoch: 7) with { Name = "", Description = "", AdminPubkeys = [] };

        store.SaveGroup(second);

        Assert.Equal(second, store.FindGroup(Some.GroupId(1)));
        Assert.Equal("", store.FindGroup(Some.GroupId(1))!.Name);
        Assert.Single(store.GetAllGroups());
    }

    [Fact]
    public void Nothing_is_shared_with_callers()
    {
        NostrMlsStore store = Open();
        using SecretBytes key = Some.Secret(1);
        Group given = Some.Group(1) with { ImageKey = key };
        store.SaveGroup(given);
        given.LastMessageAt = Some.At(5);
        key.Dispose();

        Group found = store.FindGroup(Some.GroupId(1))!;
        Assert.Null(found.LastMessageAt);
        Assert.Equal(Some.Secret(1), found.ImageKey);
        found.LastMessageId = Some.Event(1);
        found.Dispose();

        Assert.Null(store.FindGroup(Some.GroupId(1))!.LastMessageId);
        Assert.Equal(Some.Secret(1), store.FindGroup(Some.NostrId(1))!.ImageKey);
    }

    [Fact]
    public void Name_and_description_are_limited_in_bytes_of_utf8()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1) with { Name = new string('ä', 128), Description = new string('x', 4096) });

        Assert.Contains("256", Invalid(store, "Group name exceeds maximum length", () => store.SaveGroup(Some.Group(1) with { Name = new string('x', 257) })).Message, StringComparison.Ordinal);
        Invalid(store, "Group name exceeds maximum length", () => store.SaveGroup(Some.Group(1) with { Name = new string('ä', 128) + "x" }));
        Assert.Contains("4096", Invalid(store, "Group description exceeds maximum length", () => store.SaveGroup(Some.Group(1) with { Description = new string('x', 4097) })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Admins_are_limited()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1) with { AdminPubkeys = Some.Keys(100) });
        Assert.Equal(Some.Keys(100), store.GetAdmins(Some.GroupId(1)));

        Invalid(store, "Group admin count exceeds maximum", () => store.SaveGroup(Some.Group(1) with { AdminPubkeys = Some.Keys(101) }));
        Unknown(store, () => store.GetAdmins(Some.GroupId(2)));
    }

    [Fact]
    public void Limits_are_those_of_the_options()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { MaxGroupNameLength = 3, MaxGroupDescriptionLength = 4, MaxAdminsPerGroup = 1, MaxRelaysPerGroup = 1, MaxRelayUrlLength = 20 });
        Group group = Some.Group(1) with { Name = "abc", Description = "abcd", AdminPubkeys = Some.Keys(1) };
        store.SaveGroup(group);

        Invalid(store, "of 3 bytes", () => store.SaveGroup(group with { Name = "abcd" }));
        Invalid(store, "of 4 bytes", () => store.SaveGroup(group with { Description = "abcde" }));
        Invalid(store, "of 1", () => store.SaveGroup(group with { AdminPubkeys = Some.Keys(2) }));
        Invalid(store, "of 1", () => store.ReplaceRelays(Some.GroupId(1), [RelayUrl.Parse("ws://a"), RelayUrl.Parse("ws://b")]));
        Invalid(store, "of 20 bytes", () => store.ReplaceRelays(Some.GroupId(1), [Some.Relay(1)]));
    }

    [Fact]
    public void A_nostr_id_belongs_to_one_group()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));

        Invalid(store, "nostr_group_id already exists for a different group", () => store.SaveGroup(Some.Group(2) with { NostrGroupId = Some.NostrId(1) }));

        Assert.Null(store.FindGroup(Some.GroupId(2)));
        Assert.Equal(Some.GroupId(1), store.FindGroup(Some.NostrId(1))!.MlsGroupId);
    }

    [Fact]
    public void A_rotated_nostr_id_resolves_no_more_and_is_free()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));

        store.SaveGroup(Some.Group(1) with { NostrGroupId = Some.NostrId(9) });

        Assert.Null(store.FindGroup(Some.NostrId(1)));
        Assert.Equal(Some.GroupId(1), store.FindGroup(Some.NostrId(9))!.MlsGroupId);
        Assert.Equal(Some.NostrId(9), store.FindGroup(Some.GroupId(1))!.NostrGroupId);
        store.SaveGroup(Some.Group(2) with { NostrGroupId = Some.NostrId(1) });
        Assert.Equal(Some.GroupId(2), store.FindGroup(Some.NostrId(1))!.MlsGroupId);
    }

    [Fact]
    public void Relays_are_replaced_as_a_whole()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));
        Assert.Empty(store.GetRelays(Some.GroupId(1)));

        store.ReplaceRelays(Some.GroupId(1), Some.Relays(3));
        store.ReplaceRelays(Some.GroupId(1), [Some.Relay(7), Some.Relay(5)]);
        Assert.Equal([new GroupRelay(Some.Relay(5), Some.GroupId(1)), new GroupRelay(Some.Relay(7), Some.GroupId(1))], store.GetRelays(Some.GroupId(1)));

        store.ReplaceRelays(Some.GroupId(1), [Some.Relay(7), Some.Relay(5)]);
        Assert.Equal(2, store.GetRelays(Some.GroupId(1)).Count);

        store.ReplaceRelays(Some.GroupId(1), []);
        Assert.Empty(store.GetRelays(Some.GroupId(1)));
        Assert.Equal(0, store.Usage.Relays.Entries);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public void Many_relays_are_kept(int count)
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));

        store.ReplaceRelays(Some.GroupId(1), Some.Relays(count));

        Assert.Equal(count, store.GetRelays(Some.GroupId(1)).Count);
        Assert.Equal(count, store.Usage.Relays.Entries);
    }

    [Fact]
    public void The_last_of_ten_replacements_counts()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));
        for (int i = 0; i < 10; i++)
        {
            store.ReplaceRelays(Some.GroupId(1), [Some.Relay(i)]);
        }

        Assert.Equal(Some.Relay(9), Assert.Single(store.GetRelays(Some.GroupId(1))).RelayUrl);
    }

    [Fact]
    public void Relays_are_limited_and_need_a_group()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));
        RelayUrl longest = RelayUrl.Parse("wss://" + new string('a', 40) + "/" + new string('p', 512 - 47));
        store.ReplaceRelays(Some.GroupId(1), [longest]);

        Invalid(store, "Relay count exceeds maximum", () => store.ReplaceRelays(Some.GroupId(1), Some.Relays(101)));
        Invalid(store, "Relay URL exceeds maximum length", () => store.ReplaceRelays(Some.GroupId(1), [RelayUrl.Parse(longest.Text + "p")]));
        Invalid(store, "Relay count exceeds maximum", () => store.ReplaceRelays(Some.GroupId(2), Some.Relays(101)));   // limits come first
        Unknown(store, () => store.ReplaceRelays(Some.GroupId(2), []));
        Unknown(store, () => store.GetRelays(Some.GroupId(2)));
        Assert.Equal(longest.Text, Assert.Single(store.GetRelays(Some.GroupId(1))).RelayUrl.Text);
    }

    [Fact]
    public void Self_updates_are_due_when_required_or_old_in_active_groups_only()
    {
        NostrMlsStore store = Open();
        UnixSeconds now = UnixSeconds.Now(Clock);
        SelfUpdateState Ago(ulong seconds) => SelfUpdateState.Completed(new UnixSeconds(now.Value - seconds));
        store.SaveGroup(Some.Group(1) with { SelfUpdate = SelfUpdateState.Required });
        store.SaveGroup(Some.Group(2) with { SelfUpdate = Ago(100) });
        store.SaveGroup(Some.Group(3) with { SelfUpdate = Ago(60) });
        store.SaveGroup(Some.Group(4) with { SelfUpdate = Ago(5) });
        store.SaveGroup(Some.Group(5) with { SelfUpdate = Ago(1) });
        store.SaveGroup(Some.Group(6, GroupState.Inactive) with { SelfUpdate = SelfUpdateState.Required });
        store.SaveGroup(Some.Group(7, GroupState.Pending) with { SelfUpdate = Ago(100) });
        store.SaveGroup(Some.Group(8) with { SelfUpdate = SelfUpdateState.Completed(new UnixSeconds(now.Value + 1000)) });

        Assert.Equal([Some.GroupId(1), Some.GroupId(2), Some.GroupId(3)], store.GetGroupsNeedingSelfUpdate(60));
        Assert.Equal([1, 2, 3, 4, 5, 8], store.GetGroupsNeedingSelfUpdate(0).Select(id => Enumerable.Range(1, 8).First(n => Some.GroupId(n) == id)));
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        NostrMlsStore store = Open();
        Assert.Throws<ArgumentNullException>(() => store.SaveGroup(null!));
        Assert.Throws<ArgumentNullException>(() => store.SaveGroup(Some.Group(1) with { Name = null! }));
        Assert.Throws<ArgumentNullException>(() => store.SaveGroup(Some.Group(1) with { AdminPubkeys = null! }));
        Assert.Throws<ArgumentException>(() => store.SaveGroup(Some.Group(1) with { ImageKey = Some.Secret(1, 31) }));
        Assert.Throws<ArgumentException>(() => store.SaveGroup(Some.Group(1) with { ImageNonce = Some.Secret(1, 13) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.SaveGroup(Some.Group(1, (GroupState)9)));
        Assert.Throws<ArgumentNullException>(() => store.ReplaceRelays(Some.GroupId(1), null!));
        SecretBytes dead = Some.Secret(1);
        dead.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store.SaveGroup(Some.Group(1) with { ImageKey = dead }));
        Assert.Empty(store.GetAllGroups());
    }

    [Fact]
    public void An_mls_id_may_be_empty_or_long()
    {
        NostrMlsStore store = Open();
        var empty = new MlsGroupId([]);
        var longest = new MlsGroupId(Some.Value(1, 5000));
        store.SaveGroup(Some.Group(1) with { MlsGroupId = empty });
        store.SaveGroup(Some.Group(2) with { MlsGroupId = longest });
        store.SaveMessage(Some.Message(1, 1) with { MlsGroupId = longest });

        Assert.Equal(Some.NostrId(1), store.FindGroup(empty)!.NostrGroupId);
        Assert.NotNull(store.FindMessage(longest, Some.Event(1)));
        Assert.Equal([empty, longest], store.GetAllGroups().Select(group => group.MlsGroupId));
    }

    [Fact]
    public void The_order_of_a_callers_set_is_not_the_stores()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1) with { AdminPubkeys = Some.Keys(3).WithComparer(Comparer<PublicKey>.Create((a, b) => b.CompareTo(a))) });

        Assert.Equal([Some.Key(0), Some.Key(1), Some.Key(2)], store.GetAdmins(Some.GroupId(1)));
    }
}
