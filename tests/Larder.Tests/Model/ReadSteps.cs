using System.Buffers;
using System.Text;

namespace Larder.Tests.Model;

internal sealed record GetStep(Place Key) : Step
{
    public override void Run(Trial trial) =>
        trial.ReadKey(
            Key,
            store => store.TryGet(Key.Relative, out Entry entry) ? ModelEntry.Show(entry) : "absent",
            model => model.Find(Key.Full) is { } entry ? (entry with { Key = Key.Relative }).ToString() : "absent");
}

internal sealed record ReadStep(Place Key) : Step
{
    public override void Run(Trial trial) =>
        trial.ReadKey(
            Key,
            store =>
            {
                var destination = new ArrayBufferWriter<byte>();
                return store.TryRead(Encoding.UTF8.GetBytes(Key.Relative), destination)
                    ? $"found {Encoding.UTF8.GetString(destination.WrittenSpan)}"
                    : $"absent, {destination.WrittenCount} bytes";
            },
            model => model.Find(Key.Full) is { } entry ? $"found {entry.Value}" : "absent, 0 bytes");
}

internal sealed record HistoryStep(Place Key) : Step
{
    public override void Run(Trial trial) =>
        trial.ReadKey(
            Key,
            store => Outcome.Of(store.History(Key.Relative)),
            model => Outcome.Of(model.History(Key.Full).Select(version => version with { Key = Key.Relative })));
}

internal sealed record CountStep(Place Prefix) : Step
{
    public override void Run(Trial trial) => trial.Read(Prefix, store => store.Count(Prefix.Relative), model => model.Under(Prefix.Full).Count);
}

internal sealed record ScanStep(Place Prefix, string? After, int Limit, bool Reverse) : Step
{
    public override void Run(Trial trial) =>
        trial.Read(Prefix, store => Outcome.Of(store.Scan(Prefix.Relative, After, Limit, Reverse)), Expected);

    public string Expected(StoreModel model) =>
        Outcome.Of(
            model.Scan(Prefix.Full, After is null ? null : Prefix.Scope + After, Limit, Reverse)
                .Select(entry => entry with { Key = entry.Key[Prefix.Scope.Length..] }));
}

/// <summary>Begins a scan, reads a little and leaves the rest for later.</summary>
internal sealed record OpenScanStep(ScanStep Scan, int First) : Step
{
    public override void Run(Trial trial) =>
        trial.Open(new OpenScan(
            trial.Face(Scan.Prefix).Scan(Scan.Prefix.Relative, Scan.After, Scan.Limit, Scan.Reverse),
            Scan.Expected(trial.Model),
            First));
}

/// <summary>Reads the scan that was begun first to its end.</summary>
internal sealed record FinishScanStep : Step
{
    public override void Run(Trial trial) => trial.FinishScan();
}

internal sealed record WatchStep(Place Prefix, bool IncludeCurrent) : Step
{
    public override void Run(Trial trial) => trial.Watch(Prefix, IncludeCurrent);
}
