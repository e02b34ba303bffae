using Larder.NostrMls.Tests.Contract;
using Larder.Tests;
using Xunit;

namespace Larder.NostrMls.Tests.Model;

/// <summary>Eight threads do everything at once; afterwards the whole structure is walked.</summary>
public sealed class StressTests
{
    private const int Threads = 8;

    private static readonly int _rounds = Environment.GetEnvironmentVariable("LARDER_SLOW") == "1" ? 40_000 : 4_000;

    [Fact]
    public async Task The_structure_holds_after_eight_threads()
    {
        var options = new MlsStoreOptions { CacheSize = 6, MaxMessagesPerGroup = 8, MaxSnapshotsPerGroup = 3 };
        using var store = new NostrMlsStore(options);
        long refused = 0;
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            for (int i = 0; i < _rounds; i++)
            {
                try
                {
                    Act(store, random);
                }
                catch (MlsStoreException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        })));

        Integrity.Verify(store.Core.State, options);
        Figures.Print($"Nostr MLS stress: {Threads} threads, {Threads * _rounds} operations, {refused} refused");
    }

    private static void Act(NostrMlsStore store, Random random)
    {
        int number = random.Next(10);
        MlsGroupId id = Some.GroupId(number);
        switch (random.Next(14))
        {
            case 0:
                store.SaveGroup(Some.Group(number, (GroupState)random.Next(3), 5) with { NostrGroupId = Some.NostrId(random.Next(12)), ImageKey = Some.Secret(number) });
                break;
            case 1:
                using (Group? group = store.FindGroup(Some.NostrId(number)))
                {
                    Assert.True(group is null || group.ImageKey is null || group.ImageKey.Equals(Some.Secret(Enumerable.Range(0, 10).First(n => Some.GroupId(n) == group.MlsGroupId))));
                }

                break;
            case 2 or 3:
                store.SaveMessage(Some.Message(number, random.Next(20), (ulong)random.Next(50), epoch: (ulong)random.Next(5)));
                break;
            case 4:
                Message[] page = [.. store.GetMessages(id)];
                Assert.Equal(page.OrderByDescending(m => (m.CreatedAt, m.ProcessedAt, m.Id)), page);
                break;
            case 5:
                byte[] value = Some.Value(random.Next(100), 100);
                store.Mls.WriteGroupData(id, MlsGroupDataKind.Tree, value);
                break;
            case 6:
                using (SecretBytes? tree = store.Mls.ReadGroupData(id, MlsGroupDataKind.Tree))
                {
                    Assert.True(tree is null || tree.Span[99] == (byte)(tree.Span[0] + 99), "a torn secret");
                }

                break;
            case 7:
                store.CreateSnapshot(id, $"{random.Next(4)}");
                break;
            case 8:
                store.RollbackToSnapshot(id, $"{random.Next(4)}");
                break;
            case 9:
                store.SaveExporterSecret(Some.Exporter(number, (ulong)random.Next(5)));
                store.PruneExporterSecrets(id, 3);
                break;
            case 10:
                store.RunInTransaction(handle =>
                {
                    handle.SaveProcessedWelcome(Some.ProcessedWelcome(number, welcome: number));
                    handle.SaveWelcome(Some.Welcome(number, state: (WelcomeState)random.Next(4)));
                });
                break;
            case 11:
                store.SaveProcessedMessage(Some.Processed(random.Next(30), number, (ulong)random.Next(5)));
                store.InvalidateProcessedMessagesAfterEpoch(id, 2);
                break;
            case 12 when random.Next(10) == 0:
                using (MlsCapture capture = store.CaptureAll())
                {
                    store.DeleteGroup(id);
                    store.RestoreAll(capture);
                }

                break;
            default:
                store.InvalidateMessagesAfterEpoch(id, 3);
                store.DeleteMessagesBefore(id, Some.At(2));
                break;
        }
    }
}
