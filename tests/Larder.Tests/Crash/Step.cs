using System.Globalization;

namespace Larder.Tests.Crash;

/// <summary>One step of a workload.</summary>
internal sealed record Step(string Name, Action<StoreRun> Run)
{
    public static readonly Step Compact = new("compact", run => run.Flush("compact", store => store.Compact()));

    public static readonly Step Flush = new("flush", run => run.Flush("flush", store => store.Flush()));

    public static readonly Step Reopen = new("reopen", run => run.Reopen());

    public static readonly Step Kill = new("kill", run => run.Kill());

    public static readonly Step Clear = Write("clear", store =>
    {
        store.Clear();
        return true;
    });

    public static Step ReopenAs(DurabilityMode mode) => new($"reopen in {mode} mode", run => run.Reopen(mode));

    public static Step Set(string key, int bytes, int seconds = 0) =>
        Write(
            string.Create(CultureInfo.InvariantCulture, $"set {key}, {bytes} bytes{(seconds > 0 ? $", {seconds} s" : "")}"),
            store => store.Set(key, Value(store, bytes), seconds > 0 ? TimeSpan.FromSeconds(seconds) : Expiry.None) > 0);

    public static Step Remove(string key) => Write($"remove {key}", store => store.Remove(key));

    public static Step Erase(string key) => new($"erase {key}", run => run.Flush($"erase {key}", store => store.Erase(key)));

    public static Step Increment(string key) => Write($"increment {key}", store => store.Increment(key, 3) > 0);

    public static Step Touch(string key, int seconds) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"touch {key}, {seconds} s"), store => store.Touch(key, TimeSpan.FromSeconds(seconds)));

    public static Step Batch(params string[] keys) => Write($"batch {string.Join(' ', keys)}", store =>
    {
        var batch = new WriteBatch();
        foreach (string key in keys)
        {
            batch.Set(key, Value(store, 30));
        }

        return store.Write(batch.Increment("n").Remove("r"));
    });

    public static Step Advance(int seconds) => new($"{seconds} s", run => run.Advance(TimeSpan.FromSeconds(seconds)));

    public override string ToString() => Name;

    private static Step Write(string name, Func<Store, bool> write) => new(name, run => run.Write(name, write));

    /// <summary>A value that is not like any other, so that a mixture shows.</summary>
    private static byte[] Value(Store store, int bytes)
    {
        byte[] value = new byte[bytes];
        new Random((int)store.Statistics.LastSequence + bytes).NextBytes(value);
        return value;
    }
}
