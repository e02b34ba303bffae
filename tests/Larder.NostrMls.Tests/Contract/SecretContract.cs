using Xunit;

namespace Larder.NostrMls.Tests.Contract;

public abstract class SecretContract<TSubject> : ContractTest<TSubject>
    where TSubject : Subject, new()
{
    [Fact]
    public void A_secret_is_found_under_its_epoch_and_label()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));
        store.SaveExporterSecret(Some.Exporter(1, ulong.MaxValue, secret: 1));

        ExporterSecret found = store.GetExporterSecret(Some.GroupId(1), ulong.MaxValue, ExporterLabel.GroupEvent)!;
        Assert.Equal((Some.GroupId(1), ulong.MaxValue, ExporterLabel.GroupEvent), (found.MlsGroupId, found.Epoch, found.Label));
        Assert.Equal(Some.Secret(1), found.Secret);
        Assert.Null(store.GetExporterSecret(Some.GroupId(1), 0, ExporterLabel.GroupEvent));
    }

    [Fact]
    public void A_secret_is_overwritten()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));
        store.SaveExporterSecret(Some.Exporter(1, 1, secret: 1));
        store.SaveExporterSecret(Some.Exporter(1, 1, secret: 2));

        Assert.Equal(Some.Secret(2), store.GetExporterSecret(Some.GroupId(1), 1, ExporterLabel.GroupEvent)!.Secret);
        Assert.Equal(1, store.Usage.ExporterSecrets.Entries);
    }

    [Theory]
    [InlineData(ExporterLabel.GroupEvent, ExporterLabel.EncryptedMedia)]
    [InlineData(ExporterLabel.EncryptedMedia, ExporterLabel.GroupEvent)]
    [InlineData(ExporterLabel.LegacyGroupEvent, ExporterLabel.GroupEvent)]
    public void Labels_are_independent(ExporterLabel changed, ExporterLabel other)
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));
        store.SaveExporterSecret(Some.Exporter(1, 1, changed, 1));
        store.SaveExporterSecret(Some.Exporter(1, 1, other, 2));

        store.SaveExporterSecret(Some.Exporter(1, 1, changed, 3));

        Assert.Equal(Some.Secret(3), store.GetExporterSecret(Some.GroupId(1), 1, changed)!.Secret);
        Assert.Equal(Some.Secret(2), store.GetExporterSecret(Some.GroupId(1), 1, other)!.Secret);
    }

    [Fact]
    public void Pruning_removes_lower_epochs_of_every_label()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));
        store.SaveGroup(Some.Group(2));
        store.SaveExporterSecret(Some.Exporter(2, 0));
        foreach (ExporterLabel label in Enum.GetValues<ExporterLabel>())
        {
            for (ulong epoch = 0; epoch < 5; epoch++)
            {
                store.SaveExporterSecret(Some.Exporter(1, epoch, label));
            }
        }

        Assert.Equal(9, store.PruneExporterSecrets(Some.GroupId(1), 3));
        Assert.Equal(0, store.PruneExporterSecrets(Some.GroupId(1), 3));

        foreach (ExporterLabel label in Enum.GetValues<ExporterLabel>())
        {
            Assert.Equal([false, false, false, true, true], Enumerable.Range(0, 5).Select(epoch => store.GetExporterSecret(Some.GroupId(1), (ulong)epoch, label) is not null));
        }

        Assert.NotNull(store.GetExporterSecret(Some.GroupId(2), 0, ExporterLabel.GroupEvent));
    }

    [Fact]
    public void Unknown_groups_are_refused()
    {
        NostrMlsStore store = Open();
        Unknown(store, () => store.SaveExporterSecret(Some.Exporter(1, 1)));
        Unknown(store, () => store.GetExporterSecret(Some.GroupId(1), 1, ExporterLabel.GroupEvent));
        Unknown(store, () => store.PruneExporterSecrets(Some.GroupId(1), 1));
        store.SaveGroup(Some.Group(1));
        Assert.Null(store.GetExporterSecret(Some.GroupId(1), 1, ExporterLabel.GroupEvent));
        Assert.Throws<ArgumentException>(() => store.SaveExporterSecret(Some.Exporter(1, 1) with { Secret = Some.Secret(1, 16) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.SaveExporterSecret(Some.Exporter(1, 1, (ExporterLabel)7)));
    }

    [Fact]
    public void Secrets_are_not_evicted_by_pressure()
    {
        NostrMlsStore store = Open(new MlsStoreOptions { CacheSize = 5 });
        store.SaveGroup(Some.Group(1));
        for (ulong epoch = 0; epoch <= 50; epoch++)
        {
            store.SaveExporterSecret(Some.Exporter(1, epoch, secret: (int)epoch));
        }

        Assert.Equal(Some.Secret(0), store.GetExporterSecret(Some.GroupId(1), 0, ExporterLabel.GroupEvent)!.Secret);
    }

    [Fact]
    public void Results_hold_their_own_copies()
    {
        NostrMlsStore store = Open();
        store.SaveGroup(Some.Group(1));
        ExporterSecret given = Some.Exporter(1, 1, secret: 1);
        store.SaveExporterSecret(given);
        given.Dispose();
        store.GetExporterSecret(Some.GroupId(1), 1, ExporterLabel.GroupEvent)!.Dispose();

        ExporterSecret kept = store.GetExporterSecret(Some.GroupId(1), 1, ExporterLabel.GroupEvent)!;
        store.PruneExporterSecrets(Some.GroupId(1), 9);
        Assert.Equal(Some.Secret(1), kept.Secret);
    }
}
