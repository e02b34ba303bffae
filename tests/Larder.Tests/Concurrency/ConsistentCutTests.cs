using System.Globalization;
using Xunit;

namespace Larder.Tests.Concurrency;

/// <summary>Money moves between accounts, in batches; whoever adds it all up at one moment finds the same sum.</summary>
[Collection(nameof(Concurrency))]
public sealed class ConsistentCutTests
{
    private const int Accounts = 1_000;
    private const long Opening = 100;
    private const int TransfersEach = 25_000;

    [Fact]
    public void Every_scan_under_writers_finds_the_same_total()
    {
        using var store = new Store();
        string[] accounts = [.. Enumerable.Range(0, Accounts).Select(account => string.Create(CultureInfo.InvariantCulture, $"account:{account:D4}"))];
        foreach (string account in accounts)
        {
            store.Increment(account, Opening);
        }

        int scans = 0;
        var totals = new HashSet<(int Count, long Total)>();
        Together.Run(
            4,
            _ =>
            {
                for (int i = 0; i < TransfersEach; i++)
                {
                    long amount = Perturbation.Next(1_000);
                    store.Write(new WriteBatch()
                        .Increment(accounts[Perturbation.Next(Accounts)], -amount)
                        .Increment(accounts[Perturbation.Next(Accounts)], amount));
                }
            },
            2,
            reader =>
            {
                int count = 0;
                long total = 0;
                foreach (Entry account in store.Scan("account:", reverse: reader == 1))
                {
                    count++;
                    total += long.Parse(account.Value.Span, CultureInfo.InvariantCulture);
                }

                lock (totals)
                {
                    scans++;
                    totals.Add((count, total));
                }
            });

        Assert.Equal([(Accounts, Accounts * Opening)], totals);
        Assert.Equal(0, store.Statistics.Scans);
        store.VerifyIntegrity();
        Figures.Print(string.Create(CultureInfo.InvariantCulture, $"consistent cut: {scans} scans under {4 * TransfersEach} transfers, one total"));
    }
}
