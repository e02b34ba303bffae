using System.Globalization;
using Larder.Cli.Commands;

namespace Larder.Cli.Tour;

/// <summary>
/// The directory whose store outlives the tour, and what lies there under which key. Whatever else it holds is left alone, so that the tour may be shown
/// on any store.
/// </summary>
internal sealed class TourDirectory(string path)
{
    public const string DefaultPath = "larder-data";
    public const string Runs = "tour:runs";
    public const string Hits = "tour:hits:";
    public const string Left = "tour:left";
    public const string Killed = "tour:killed:";

    public string Path => path;

    public Store Open(DurabilityMode mode = DurabilityMode.Commit)
    {
        StoreOptions options = StoreSettings.EverythingIn(path);
        options.Durability = mode;
        return Store.Open(options);
    }

    /// <summary>The counter of a page.</summary>
    public static string HitsOf(int page) => string.Create(CultureInfo.InvariantCulture, $"{Hits}{page:D4}");

    /// <summary>The keys that a process writes which is to be killed.</summary>
    public static string KilledIn(DurabilityMode mode) => $"{Killed}{DurabilityOption.NameOf(mode)}:";

    /// <summary>All requests that all runs have counted.</summary>
    public static long RequestsIn(Store store) => store.Scan(Hits).Sum(entry => store.Decode<long>(entry));

    /// <summary>What a run says at its end that it leaves to the next.</summary>
    internal sealed record LeftBehind(long Run, DateTimeOffset At, long Requests, long Writes)
    {
        public static LeftBehind Of(Store store) =>
            new(store.TryGet(Runs, out long run) ? run : 0, TimeProvider.System.GetUtcNow(), RequestsIn(store), store.Count(Killed));
    }
}
