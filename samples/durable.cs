#:project ../src/Larder/Larder.csproj

// A store that is still there when the program starts again: run it several times, or kill it at any moment.
// Run it with: dotnet run samples/durable.cs [DIRECTORY]

using Larder;

string path = args.Length > 0 ? args[0] : "sample-data";

// Open, or begin. Without other options a write returns when it is on stable storage (DurabilityMode.Commit).
await using (Store store = await Store.OpenAsync(path))
{
    long run = store.Increment("runs");
    Console.WriteLine(run == 1 ? "run 1: nothing here yet" : $"run {run}: the last one wrote '{(store.TryGet("note", out string? old) ? old : "nothing")}'");

    store.Set("note", $"written in run {run}");
    store.Write(new WriteBatch().Increment("account:a", -10).Increment("account:b", 10)); // one record in the log: all of it or nothing
    await store.SetAsync("session:1", "alice"u8, TimeSpan.FromDays(1));                    // its deadline survives as well
}

// One process owns a directory. Others may look on: larder stats --path sample-data
try
{
    using Store owner = Store.Open(path);
    using Store second = Store.Open(path);
}
catch (StoreInUseException inUse)
{
    Console.WriteLine($"a second owner is refused: {inUse.GetType().Name}");
}

// What is only read can be opened beside the owner.
using (Store owner = Store.Open(path))
using (Store reader = Store.Open(path, new StoreOptions { ReadOnly = true }))
{
    foreach (Entry account in reader.Scan("account:"))
    {
        Console.WriteLine($"{account.Key}: {reader.Decode<long>(account)}");
    }
}

// A copy while the store is open, and a look at every byte of it.
string backup = Path.Combine(Directory.CreateTempSubdirectory("larder-").FullName, "backup");
using (Store store = Store.Open(path))
{
    store.Backup(backup);
    StoreReport report = StoreFiles.Verify(backup);
    Console.WriteLine($"backup: {report.Entries} entries, {(report.IsSound ? "sound" : "damaged")}");
}

Directory.Delete(Path.GetDirectoryName(backup)!, recursive: true);
