using System.Globalization;
using Spectre.Console;

namespace Larder.Cli.Tour;

/// <summary>Batches move amounts between accounts while a scan adds all of them up, again and again.</summary>
internal sealed class Transfers() : Chapter("batch", "Moving: batches between accounts, and scans that see one moment")
{
    private const int Accounts = 100;
    private const int Opening = 1_000;
    private const int Moves = 10_000;

    private int _scans;
    private int _wrongScans;
    private long _total;
    private WriteResult _refused;

    public override object Figures => new
    {
        accounts = Accounts,
        moves = Moves,
        total = _total,
        scansMeanwhile = _scans,
        scansWithAnotherTotal = _wrongScans,
        refused = new { _refused.Applied, _refused.Version },
    };

    public override void Draw(IAnsiConsole canvas)
    {
        canvas.WriteLine($"{Bars.Number(Moves)} transfers between {Accounts} accounts; {Bars.Number(_scans)} scans meanwhile, {Bars.Number(_wrongScans)} of them with another total.");
        canvas.WriteLine($"One more, which required a version of long ago, {(_refused ? "went through" : "was refused as a whole")} (that account is at version {Bars.Number(_refused.Version)}).");
    }

    protected override void Play(WebTrace trace)
    {
        using var store = new Store();
        var opening = new WriteBatch();
        for (int account = 0; account < Accounts; account++)
        {
            opening.Increment(KeyOf(account), Opening);
        }

        long firstVersion = store.Write(opening).Version;
        bool moving = true;
        Crowd.Run(2, thread =>
        {
            if (thread == 0)
            {
                Move(store, new Random(1));
                Volatile.Write(ref moving, false);
                return;
            }

            do
            {
                _scans++;
                _wrongScans += Total(store) == Accounts * Opening ? 0 : 1;
            }
            while (Volatile.Read(ref moving));
        });

        string[] before = [.. store.Scan().Select(entry => $"{entry.Key} {entry.Version}")];
        _refused = store.Write(new WriteBatch().Increment(KeyOf(1), 500).Require(KeyOf(0), firstVersion).Increment(KeyOf(0), -500));
        _total = Total(store);
        Claim("every scan found the same total", _wrongScans == 0);
        Claim("the total is what it was at the beginning", _total == Accounts * Opening);
        Claim("the refused batch changed nothing at all", !_refused && store.Scan().Select(entry => $"{entry.Key} {entry.Version}").SequenceEqual(before));
    }

    private static void Move(Store store, Random random)
    {
        for (int i = 0; i < Moves; i++)
        {
            int from = i == 0 ? 0 : random.Next(Accounts); // account 0 moves for certain, so that its first version is of long ago
            int amount = random.Next(1, 10);
            store.Write(new WriteBatch().Increment(KeyOf(from), -amount).Increment(KeyOf((from + 1 + random.Next(Accounts - 1)) % Accounts), amount));
        }
    }

    private static long Total(Store store) => store.Scan("account:").Sum(entry => store.Decode<long>(entry));

    private static string KeyOf(int account) => string.Create(CultureInfo.InvariantCulture, $"account:{account:D3}");
}
