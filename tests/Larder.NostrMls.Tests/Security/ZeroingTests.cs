using Larder.NostrMls.State;
using Larder.NostrMls.Tests.Contract;
using Xunit;

namespace Larder.NostrMls.Tests.Security;

/// <summary>Looks at the buffers of the store themselves: a secret that has ended is zero in its buffer, and one that lives is not.</summary>
public sealed class ZeroingTests : IDisposable
{
    private static readonly MlsGroupId _group = Some.GroupId(1);

    private readonly NostrMlsStore _store = new(new MlsStoreOptions { CacheSize = 2 });

    public ZeroingTests()
    {
        _store.SaveGroup(Some.Group(1, GroupState.Inactive) with { ImageKey = Some.Secret(1), ImageNonce = Some.Secret(2, 12) });
        _store.SaveExporterSecret(Some.Exporter(1, 1));
        _store.Mls.WriteGroupData(_group, MlsGroupDataKind.GroupEpochSecrets, Some.Value(3));
        _store.Mls.AppendOwnLeafNode(_group, Some.Value(4));
        _store.Mls.QueueProposal(_group, [1], Some.Value(5));
        _store.Mls.WriteEpochKeyPairs(_group, [1], 0, [Some.Value(6)]);
        _store.Mls.WritePsk([1], Some.Value(7));
        _store.SaveWelcome(Some.Welcome(1) with { GroupImageKey = Some.Secret(8), GroupImageNonce = Some.Secret(9, 12) });
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Replaced() => Ends(7, () =>
    {
        _store.SaveGroup(Some.Group(1));
        _store.SaveExporterSecret(Some.Exporter(1, 1, secret: 50));
        _store.Mls.WriteGroupData(_group, MlsGroupDataKind.GroupEpochSecrets, []);
        _store.Mls.QueueProposal(_group, [1], []);
        _store.Mls.WriteEpochKeyPairs(_group, [1], 0, []);
        _store.Mls.WritePsk([1], []);
    });

    [Fact]
    public void A_welcome_saved_again() => Ends(2, () => _store.SaveWelcome(Some.Welcome(1)));

    [Fact]
    public void Pruned() => Ends(1, () => _store.PruneExporterSecrets(_group, 2));

    [Fact]
    public void Deleted_one_by_one() => Ends(5, () =>
    {
        _store.Mls.DeleteGroupData(_group, MlsGroupDataKind.GroupEpochSecrets);
        _store.Mls.DeleteOwnLeafNodes(_group);
        _store.Mls.RemoveProposal(_group, [1]);
        _store.Mls.DeleteEpochKeyPairs(_group, [1], 0);
        _store.Mls.DeletePsk([1]);
    });

    [Fact]
    public void Cleared_proposals_with_their_bodies() => Ends(1, () => _store.Mls.ClearProposals(_group));

    [Fact]
    public void Deleted_with_the_group() => Ends(9, () => _store.DeleteGroup(_group));

    [Fact]
    public void Evicted_with_the_group() => Ends(9, () =>
    {
        _store.SaveGroup(Some.Group(2));
        _store.SaveGroup(Some.Group(3));
    });

    [Fact]
    public void Rolled_back()
    {
        _store.CreateSnapshot(_group, "a");
        _store.Mls.WriteGroupData(_group, MlsGroupDataKind.MessageSecrets, Some.Value(60));
        _store.SaveExporterSecret(Some.Exporter(1, 1, secret: 61));
        Ends(2, () => _store.RollbackToSnapshot(_group, "a"));
    }

    [Fact]
    public void Held_by_a_snapshot_until_it_is_released()
    {
        _store.CreateSnapshot(_group, "a");
        Ends(0, () => _store.Mls.DeleteAllForGroup(_group));
        Ends(4, () => _store.ReleaseSnapshot(_group, "a"));
    }

    [Fact]
    public void Of_a_transaction_that_throws()
    {
        SecretBytes? made = null;
        Assert.Throws<TimeoutException>(() => _store.RunInTransaction(handle =>
        {
            handle.Mls.WritePsk([9], Some.Value(70));
            made = (SecretBytes)((NostrMlsStore)handle).StateOfTransaction.Identity.Find(new ItemKey(ItemFamily.Psk, bytes: [9]))!.Content;
            Assert.False(IsZero(made));
            throw new TimeoutException();
        }));

        Assert.True(IsZero(made!));
        Ends(0, () => { });
    }

    [Fact]
    public void On_dispose_with_what_snapshots_hold()
    {
        _store.CreateSnapshot(_group, "a");
        _store.Mls.DeleteAllForGroup(_group);
        Ends(10, _store.Dispose);
    }

    [Fact]
    public void Of_a_capture_on_its_dispose()
    {
        MlsCapture capture = _store.CaptureAll();
        SecretBytes[] copies = [.. Buffers(capture.Captured.State)];
        Assert.Equal(10, copies.Length);
        Assert.DoesNotContain(copies, IsZero);

        capture.Dispose();

        Assert.All(copies, copy => Assert.True(IsZero(copy)));
        Ends(0, () => { });
    }

    [Fact]
    public void Buffers_are_pinned_and_of_exact_size()
    {
        foreach (SecretBytes secret in Buffers(_store.Core.State))
        {
            Assert.Equal(secret.Length, secret.Buffer.Length);
            Assert.Equal(GC.MaxGeneration, GC.GetGeneration(secret.Buffer));   // the pinned heap counts as the oldest generation from the beginning
        }
    }

    private static bool IsZero(SecretBytes secret) => !secret.Buffer.AsSpan().ContainsAnyExcept((byte)0);

    private static IEnumerable<SecretBytes> Buffers(StoreState state)
    {
        IEnumerable<object> contents = state.Groups.Ascending().SelectMany(node => node.Items.Ascending().Concat(node.Dead.Values.Select(dead => dead.Item))).Concat(state.Identity.Ascending()).Select(item => item.Content);
        foreach (object content in contents.Concat(state.Welcomes.Ascending().Select(node => node.Welcome)))
        {
            SecretBytes?[] secrets = content switch
            {
                Group group => [group.ImageKey, group.ImageNonce],
                Welcome welcome => [welcome.GroupImageKey, welcome.GroupImageNonce],
                SecretBytes secret => [secret],
                _ => [],
            };
            foreach (SecretBytes? secret in secrets)
            {
                if (secret is { Length: > 0 })
                {
                    yield return secret;
                }
            }
        }
    }

    private void Ends(int count, Action action)
    {
        SecretBytes[] before = [.. Buffers(_store.Core.State)];
        Assert.DoesNotContain(before, IsZero);

        action();

        Assert.Equal(count, before.Count(IsZero));
    }
}
