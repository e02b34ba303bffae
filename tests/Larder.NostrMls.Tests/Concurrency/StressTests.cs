using System.Globalization;
using Larder.NostrMls.Tests.Contract;
using Larder.NostrMls.Tests.Model;
using Larder.Tests;
using Larder.Tests.Concurrency;
using Xunit;

namespace Larder.NostrMls.Tests.Concurrency;

/// <summary>
/// Eight threads on one store. Four write: versions of groups that change their ids, rounds of messages in transactions, commits with snapshots and rollbacks, and strangers
/// who push groups and invitations out. Four read, and check that all they find is whole.
/// </summary>
public sealed class StressTests
{
    private const int Readers = 4;
    private const int Groups = 4;
    private const int MessagesOfARound = 10;
    private const int CommitGroup = 100;
    private const int Strangers = 1_000;
    private const int CacheSize = 20;

    private static readonly RelayUrl[][] _relays =
        [.. Enumerable.Range(0, 3).Select(version => Enumerable.Range(0, 5).Select(i => RelayUrl.Parse($"wss://r{i}.example/{version}")).ToArray())];

    private static bool IsSlow => Environment.GetEnvironmentVariable("LARDER_SLOW") == "1";

    [Fact]
    public void Readers_of_a_store_in_memory_never_see_half_an_operation() => Run("memory", new MemoryHost(), IsSlow ? 100_000 : 6_000);

    [Fact]
    public void Readers_of_a_store_in_a_directory_never_see_half_an_operation() => Run("durable", new DurableHost(), IsSlow ? 20_000 : 1_000);

    private static void Run(string what, IHost host, int rounds)
    {
        using (host)
        {
            var options = new MlsStoreOptions { CacheSize = CacheSize, EraseDeletedWithin = Timeout.InfiniteTimeSpan, EraseReplacedWithin = Timeout.InfiniteTimeSpan };
            IMlsProtocolStore store = host.Open(options);
            long reads;
            try
            {
                reads = Run(store, rounds);
                InvariantWalk.Of(store);
                Integrity.Verify(((NostrMlsStore)store).Core.State, store.Options);
                if (host.IsPersistent)
                {
                    MlsUsage before = store.Usage;
                    store.Dispose();
                    store = host.Open(options);
                    Assert.Equal(before, store.Usage);
                    InvariantWalk.Of(store);
                }
            }
            finally
            {
                store.Dispose();
            }

            Figures.Print(string.Create(CultureInfo.InvariantCulture, $"nostr mls stress, {what}: {4L * rounds} rounds of 4 writers, {reads} checks of 4 readers, all whole"));
        }
    }

    private static long Run(IMlsProtocolStore store, int rounds)
    {
        for (int group = 0; group < Groups; group++)
        {
            store.SaveGroup(Versioned.Group(group, 1));
            WriteRound(store, group, 1);
        }

        store.SaveGroup(Versioned.Group(CommitGroup, 1));
        WriteCommit(store, 1);
        long reads = 0;
        Together.Run(
            writers: 4,
            writer =>
            {
                for (int round = 2; round < rounds; round++)
                {
                    switch (writer)
                    {
                        case 0:
                            store.SaveGroup(Versioned.Group(round % Groups, (ulong)round));
                            break;
                        case 1:
                            WriteRound(store, round % Groups, (ulong)round);
                            break;
                        case 2:
                            Commit(store, (ulong)round);
                            break;
                        default:
                            Invite(store, Strangers + round);
                            break;
                    }
                }
            },
            Readers,
            reader =>
            {
                for (int i = 0; i < 10; i++)
                {
                    int group = Random.Shared.Next(Groups);
                    CheckVersions(store, group);
                    CheckPage(store, group);
                    CheckCommit(store);
                    CheckStrangers(store);
                    Interlocked.Add(ref reads, 4);
                }
            });
        return reads;
    }

    /// <summary>Versions of one group only grow, so what is read first is not newer than what is read next, whichever id it is found by.</summary>
    private static void CheckVersions(IMlsProtocolStore store, int group)
    {
        ulong first = Versioned.Check(store.FindGroup(Versioned.GroupId(group)), group);
        using Group? byNostrId = store.FindGroup(Versioned.NostrId(group, first));
        ulong third = Versioned.Check(store.FindGroup(Versioned.GroupId(group)), group);
        Assert.True(first <= third, "a version came back");
        Assert.True(byNostrId is not null || first < third, "listed, and not found by its Nostr id");
        if (byNostrId is not null)
        {
            Assert.Equal(Versioned.NostrId(group, first), byNostrId.NostrGroupId);
            Assert.InRange(Versioned.Check(byNostrId, group), first, third);
        }

        store.RunInTransaction(handle =>
        {
            ulong inside = Versioned.Check(handle.FindGroup(Versioned.GroupId(group)), group);
            for (ulong any = 0; any < Versioned.NostrIds; any++)
            {
                Group? found = handle.FindGroup(Versioned.NostrId(group, any));
                Assert.Equal(any == inside % Versioned.NostrIds, found is not null);
                Assert.Equal(inside, found is null ? inside : Versioned.Check(found, group));
            }
        });
    }

    private static void WriteRound(IMlsProtocolStore store, int group, ulong round) => store.RunInTransaction(handle =>
    {
        for (int number = 0; number < MessagesOfARound; number++)
        {
            handle.SaveMessage(Versioned.Message(group, number, round));
        }

        using var secret = new ExporterSecret { MlsGroupId = Versioned.GroupId(group), Epoch = 0, Label = ExporterLabel.GroupEvent, Secret = Versioned.Secret(round) };
        handle.SaveExporterSecret(secret);
    });

    /// <summary>A page is sorted, complete, and of one round.</summary>
    private static void CheckPage(IMlsProtocolStore store, int group)
    {
        IReadOnlyList<Message> page = store.GetMessages(Versioned.GroupId(group));
        Assert.Equal(MessagesOfARound, page.Count);
        InvariantWalk.AssertSorted(page);
        Assert.Single(page.Select(message => message.Content).Distinct());
        using ExporterSecret? secret = store.GetExporterSecret(Versioned.GroupId(group), 0, ExporterLabel.GroupEvent);
        ulong round = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(secret!.Secret.Span);
        using SecretBytes whole = Versioned.Secret(round);
        Assert.True(whole.Equals(secret.Secret), "a secret that is not whole");
        Assert.True(round >= page[0].Epoch, "a secret older than the messages that came with it");
    }

    /// <summary>A commit that is taken back: what readers find is the state before, the state between, or the one after, each of them whole.</summary>
    private static void Commit(IMlsProtocolStore store, ulong round)
    {
        MlsGroupId id = Versioned.GroupId(CommitGroup);
        store.CreateSnapshot(id, "before");
        WriteCommit(store, round);
        store.RollbackToSnapshot(id, "before");
        WriteCommit(store, round);
    }

    private static void WriteCommit(IMlsProtocolStore store, ulong round) => store.RunInTransaction(handle =>
    {
        MlsGroupId id = Versioned.GroupId(CommitGroup);
        handle.SaveGroup(Versioned.Group(CommitGroup, round));
        handle.ReplaceRelays(id, _relays[round % 3]);
        handle.Mls.WriteGroupData(id, MlsGroupDataKind.GroupState, Versioned.Bytes((long)round, 64));
        handle.Mls.DeleteOwnLeafNodes(id);
        handle.Mls.AppendOwnLeafNode(id, Versioned.Bytes((long)round, 16));
        handle.Mls.AppendOwnLeafNode(id, Versioned.Bytes((long)round, 48));
    });

    private static void CheckCommit(IMlsProtocolStore store)
    {
        MlsGroupId id = Versioned.GroupId(CommitGroup);
        Assert.Single(store.GetRelays(id).Select(relay => relay.RelayUrl.Text[^1]).Distinct());
        Assert.Equal(5, store.GetRelays(id).Count);
        Versioned.Check(store.FindGroup(id), CommitGroup);
        using SecretBytes? state = store.Mls.ReadGroupData(id, MlsGroupDataKind.GroupState);
        CheckWhole(state!);
        IReadOnlyList<SecretBytes> leaves = store.Mls.ReadOwnLeafNodes(id);
        Assert.Equal(2, leaves.Count);
        Assert.Equal(CheckWhole(leaves[0]), CheckWhole(leaves[1]));
        store.RunInTransaction(handle =>
        {
            ulong version = Versioned.Check(handle.FindGroup(id), CommitGroup);
            using SecretBytes? inside = handle.Mls.ReadGroupData(id, MlsGroupDataKind.GroupState);
            Assert.Equal(version, CheckWhole(inside!));
            Assert.All(handle.GetRelays(id), relay => Assert.Contains(relay.RelayUrl, _relays[version % 3]));
        });
    }

    private static ulong CheckWhole(SecretBytes secret)
    {
        using (secret)
        {
            ulong round = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(secret.Span);
            Assert.Equal(Versioned.Bytes((long)round, secret.Length), secret.Span.ToArray());
            return round;
        }
    }

    /// <summary>An invitation to a group of its own, in one transaction; now and then it is declined.</summary>
    private static void Invite(IMlsProtocolStore store, int stranger)
    {
        store.RunInTransaction(handle =>
        {
            using Group group = Versioned.Group(stranger, 0, GroupState.Pending);
            using Welcome welcome = Versioned.Welcome(stranger, stranger);
            handle.SaveGroup(group);
            handle.ReplaceRelays(group.MlsGroupId, _relays[0]);
            handle.SaveWelcome(welcome);
            handle.SaveProcessedWelcome(Versioned.ProcessedWelcome(stranger));
        });
        if (stranger % 3 == 0)
        {
            store.DeleteGroup(Versioned.GroupId(stranger));
        }
    }

    /// <summary>A stranger's group and its invitation come and go together, and no part of a group that went is left.</summary>
    private static void CheckStrangers(IMlsProtocolStore store) => store.RunInTransaction(handle =>
    {
        foreach (Group group in handle.GetAllGroups().Where(group => group.State == GroupState.Pending).Take(3))
        {
            using (group)
            {
                Assert.Equal(5, handle.GetRelays(group.MlsGroupId).Count);
                using Group? byNostrId = handle.FindGroup(group.NostrGroupId);
                Assert.True(group.Equals(byNostrId), "two versions in one transaction");
            }
        }

        foreach (Welcome welcome in handle.GetPendingWelcomes(new PageQuery { Limit = 3 }))
        {
            using (welcome)
            {
                Assert.NotNull(handle.FindProcessedWelcome(welcome.WrapperEventId));
                using Group? group = handle.FindGroup(welcome.MlsGroupId);
                Assert.NotNull(group);
            }
        }
    });
}
