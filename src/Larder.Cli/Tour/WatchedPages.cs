using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Larder.Cli.Tour;

/// <summary>Somebody watches the counters while the first requests of the day are counted.</summary>
internal sealed class WatchedPages() : Chapter("watch", "Watching: every change, in the order of the commits")
{
    /// <summary>Fewer than a watcher's queue holds, so that not even a very slow reader misses one.</summary>
    private const int Requests = 2_000;

    private readonly List<Change> _seen = [];
    private string _latest = "";

    public override object Figures => new { written = Requests, seen = _seen.Count, missed = _seen.Count(change => change.Kind == ChangeKind.Missed), pages = _seen.Select(change => change.Key).Distinct().Count() };

    public override void Draw(IAnsiConsole canvas) =>
        canvas.WriteLine($"Of {Bars.Number(Requests)} requests counted on one thread, {Bars.Number(_seen.Count)} were seen on another, the last as {_latest}.");

    protected override void Play(WebTrace trace)
    {
        using var store = new Store();
        IAsyncEnumerator<Change> changes = store.Watch("hits:").GetAsyncEnumerator();
        Task reading = ReadAsync(changes);
        foreach (int page in trace.Requests.Take(Requests))
        {
            store.Increment(string.Create(CultureInfo.InvariantCulture, $"hits:page:{page:D4}"));
        }

        store.Increment("hits:end");
        reading.Wait();

        var replayed = new Dictionary<string, string>();
        _seen.ForEach(change => replayed[change.Key] = TextOf(change));
        _latest = $"{_seen[^1].Key} = {TextOf(_seen[^1])}";
        Claim("as many changes arrived as were made, none is missing", _seen.Count == Requests && _seen.All(change => change.Kind == ChangeKind.Set));
        Claim("they arrived in the order of the commits", _seen.Zip(_seen.Skip(1)).All(pair => pair.First.Sequence < pair.Second.Sequence));
        Claim("what they tell, put together, is what the store holds", store.Scan("hits:page:").All(entry => replayed.Remove(entry.Key, out string? value) && value == store.Decode<long>(entry).ToString(CultureInfo.InvariantCulture)) && replayed.Count == 0);
    }

    private static string TextOf(in Change change) => Encoding.UTF8.GetString(change.Value.Span);

    /// <summary>Reads until the sign that ends the replay, or until something was missed.</summary>
    private async Task ReadAsync(IAsyncEnumerator<Change> changes)
    {
        await using (changes.ConfigureAwait(false))
        {
            while (await changes.MoveNextAsync().ConfigureAwait(false) && changes.Current.Key != "hits:end")
            {
                _seen.Add(changes.Current);
                if (changes.Current.Kind == ChangeKind.Missed)
                {
                    return;
                }
            }
        }
    }
}
