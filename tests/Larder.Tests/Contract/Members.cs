using System.Buffers;
using System.Text;
using Xunit;

namespace Larder.Tests.Contract;

/// <summary>
/// Every member that can be refused, as a call with harmless arguments besides the one in question: what the bad-input table
/// says of "any" is held against all of them.
/// </summary>
public static class Members
{
    public static TheoryData<string> KeyedNames => [.. Keyed.Keys];

    public static TheoryData<string> KeyedAsyncNames => [.. KeyedAsync.Keys];

    public static TheoryData<string> Utf8KeyedNames => [.. Utf8Keyed.Keys];

    public static TheoryData<string> PrefixedNames => [.. Prefixed.Keys];

    public static TheoryData<string> KeylessNames => [.. Keyless.Keys];

    public static TheoryData<string> KeylessAsyncNames => [.. KeylessAsync.Keys];

    /// <summary>Sync members that take a key.</summary>
    internal static readonly Dictionary<string, Action<IStore, string>> Keyed = new()
    {
        ["TryGet"] = (store, key) => store.TryGet(key, out Entry _),
        ["Set"] = (store, key) => store.Set(key, "1"u8),
        ["Set array"] = (store, key) => store.Set(key, "1"u8.ToArray()),
        ["Set typed"] = (store, key) => store.Set(key, "1"),
        ["TryAdd"] = (store, key) => store.TryAdd(key, "1"u8),
        ["TryAdd array"] = (store, key) => store.TryAdd(key, "1"u8.ToArray()),
        ["TryAdd typed"] = (store, key) => store.TryAdd(key, "1"),
        ["TryUpdate"] = (store, key) => store.TryUpdate(key, "1"u8, 1),
        ["TryUpdate array"] = (store, key) => store.TryUpdate(key, "1"u8.ToArray(), 1),
        ["TryUpdate typed"] = (store, key) => store.TryUpdate(key, "1", 1),
        ["Remove"] = (store, key) => store.Remove(key),
        ["Remove version"] = (store, key) => store.Remove(key, 1),
        ["Increment"] = (store, key) => store.Increment(key),
        ["Touch"] = (store, key) => store.Touch(key, Expiry.None),
        ["History"] = (store, key) => store.History(key),
        ["TryLock"] = (store, key) => store.TryLock(key, TimeSpan.Zero)?.Dispose(),
        ["Lock"] = (store, key) => store.Lock(key).Dispose(),
        ["TryGet typed"] = (store, key) => store.TryGet(key, out string? _),
        ["Exists"] = (store, key) => store.Exists(key),
        ["GetOrAdd"] = (store, key) => store.GetOrAdd(key, _ => "1"),
        ["Update"] = (store, key) => store.Update(key, (string? _) => "1"),
        ["Write a set"] = (store, key) => store.Write(new WriteBatch().Set(key, "1"u8)),
        ["Write an array"] = (store, key) => store.Write(new WriteBatch().Set(key, "1"u8.ToArray())),
        ["Write a typed set"] = (store, key) => store.Write(new WriteBatch().Set(key, "1")),
        ["Write a removal"] = (store, key) => store.Write(new WriteBatch().Remove(key)),
        ["Write an increment"] = (store, key) => store.Write(new WriteBatch().Increment(key)),
        ["Write a requirement"] = (store, key) => store.Write(new WriteBatch().Require(key, 1)),
    };

    /// <summary>Async members that take a key.</summary>
    internal static readonly Dictionary<string, Func<IStore, string, CancellationToken, Task>> KeyedAsync = new()
    {
        ["GetAsync"] = (store, key, token) => store.GetAsync(key, token).AsTask(),
        ["SetAsync"] = (store, key, token) => store.SetAsync(key, "1"u8, default, token).AsTask(),
        ["SetAsync array"] = (store, key, token) => store.SetAsync(key, "1"u8.ToArray(), default, token).AsTask(),
        ["SetAsync typed"] = (store, key, token) => store.SetAsync(key, "1", default, token).AsTask(),
        ["TryAddAsync"] = (store, key, token) => store.TryAddAsync(key, "1"u8, default, token).AsTask(),
        ["TryAddAsync array"] = (store, key, token) => store.TryAddAsync(key, "1"u8.ToArray(), default, token).AsTask(),
        ["TryAddAsync typed"] = (store, key, token) => store.TryAddAsync(key, "1", default, token).AsTask(),
        ["TryUpdateAsync"] = (store, key, token) => store.TryUpdateAsync(key, "1"u8, 1, default, token).AsTask(),
        ["TryUpdateAsync array"] = (store, key, token) => store.TryUpdateAsync(key, "1"u8.ToArray(), 1, default, token).AsTask(),
        ["TryUpdateAsync typed"] = (store, key, token) => store.TryUpdateAsync(key, "1", 1, default, token).AsTask(),
        ["RemoveAsync"] = (store, key, token) => store.RemoveAsync(key, token).AsTask(),
        ["RemoveAsync version"] = (store, key, token) => store.RemoveAsync(key, 1, token).AsTask(),
        ["IncrementAsync"] = (store, key, token) => store.IncrementAsync(key, 1, default, token).AsTask(),
        ["TouchAsync"] = (store, key, token) => store.TouchAsync(key, Expiry.None, token).AsTask(),
        ["HistoryAsync"] = (store, key, token) => store.HistoryAsync(key, token).AsTask(),
        ["TryLockAsync"] = (store, key, token) => store.TryLockAsync(key, TimeSpan.Zero, token).AsTask(),
        ["LockAsync"] = (store, key, token) => store.LockAsync(key, token).AsTask(),
        ["TryGetAsync typed"] = (store, key, token) => store.TryGetAsync<string>(key, token).AsTask(),
        ["ExistsAsync"] = (store, key, token) => store.ExistsAsync(key, token).AsTask(),
        ["GetOrAddAsync"] = (store, key, token) => store.GetOrAddAsync(key, (_, _) => ValueTask.FromResult("1"), default, token).AsTask(),
        ["UpdateAsync"] = (store, key, token) => store.UpdateAsync(key, (string? _) => "1", cancellationToken: token).AsTask(),
        ["WriteAsync"] = (store, key, token) => store.WriteAsync(new WriteBatch().Set(key, "1"u8), token).AsTask(),
        ["GetAsync UTF-8"] = (store, key, token) => store.GetAsync(Utf8(key), token).AsTask(),
        ["SetAsync UTF-8"] = (store, key, token) => store.SetAsync(Utf8(key), "1"u8, default, token).AsTask(),
        ["TryReadAsync"] = (store, key, token) => store.TryReadAsync(Utf8(key), new ArrayBufferWriter<byte>(), token).AsTask(),
        ["RemoveAsync UTF-8"] = (store, key, token) => store.RemoveAsync(Utf8(key), token).AsTask(),
        ["IncrementAsync UTF-8"] = (store, key, token) => store.IncrementAsync(Utf8(key), 1, default, token).AsTask(),
    };

    /// <summary>Members that take a key in UTF-8; the async ones throw at the call as well.</summary>
    internal static readonly Dictionary<string, Action<IStore, byte[]>> Utf8Keyed = new()
    {
        ["TryGet"] = (store, key) => store.TryGet(key, out Entry _),
        ["TryRead"] = (store, key) => store.TryRead(key, new ArrayBufferWriter<byte>()),
        ["Set"] = (store, key) => store.Set(key, "1"u8),
        ["Remove"] = (store, key) => store.Remove(key),
        ["Increment"] = (store, key) => store.Increment(key),
        ["GetAsync"] = (store, key) => _ = store.GetAsync(key).AsTask(),
        ["TryReadAsync"] = (store, key) => _ = store.TryReadAsync(key, new ArrayBufferWriter<byte>()).AsTask(),
        ["SetAsync"] = (store, key) => _ = store.SetAsync(key, "1"u8).AsTask(),
        ["RemoveAsync"] = (store, key) => _ = store.RemoveAsync(key).AsTask(),
        ["IncrementAsync"] = (store, key) => _ = store.IncrementAsync(key).AsTask(),
    };

    /// <summary>Sync members that take a prefix, and the enumerations, which refuse at the call.</summary>
    internal static readonly Dictionary<string, Action<IStore, string>> Prefixed = new()
    {
        ["Scan"] = (store, prefix) => store.Scan(prefix),
        ["ScanAsync"] = (store, prefix) => store.ScanAsync(prefix),
        ["Watch"] = (store, prefix) => store.Watch(prefix),
        ["Count"] = (store, prefix) => store.Count(prefix),
        ["CountAsync"] = (store, prefix) => _ = store.CountAsync(prefix).AsTask(),
        ["RemovePrefix"] = (store, prefix) => store.RemovePrefix(prefix),
        ["RemovePrefixAsync"] = (store, prefix) => _ = store.RemovePrefixAsync(prefix).AsTask(),
    };

    /// <summary>Sync members that take no key.</summary>
    internal static readonly Dictionary<string, Action<IStore>> Keyless = new()
    {
        ["Scan"] = store => store.Scan().Any(),
        ["Count"] = store => store.Count(),
        ["Count prefix"] = store => store.Count("k"),
        ["RemovePrefix"] = store => store.RemovePrefix("k"),
        ["Clear"] = store => store.Clear(),
        ["Flush"] = store => store.Flush(),
        ["Write empty"] = store => store.Write(new WriteBatch()),
    };

    /// <summary>Async members that take no key.</summary>
    internal static readonly Dictionary<string, Func<IStore, CancellationToken, Task>> KeylessAsync = new()
    {
        ["ScanAsync"] = (store, token) => store.ScanAsync(cancellationToken: token).GetAsyncEnumerator(CancellationToken.None).MoveNextAsync().AsTask(),
        ["ScanAsync with"] = (store, token) => store.ScanAsync().GetAsyncEnumerator(token).MoveNextAsync().AsTask(),
        ["CountAsync"] = (store, token) => store.CountAsync("", token).AsTask(),
        ["RemovePrefixAsync"] = (store, token) => store.RemovePrefixAsync("k", token).AsTask(),
        ["ClearAsync"] = (store, token) => store.ClearAsync(token).AsTask(),
        ["FlushAsync"] = (store, token) => store.FlushAsync(token).AsTask(),
        ["WriteAsync empty"] = (store, token) => store.WriteAsync(new WriteBatch(), token).AsTask(),
    };

    /// <summary>The feature a member asks for, if any.</summary>
    internal static StoreFeatures FeatureOf(string member) => member switch
    {
        "History" or "HistoryAsync" => StoreFeatures.History,
        "Watch" => StoreFeatures.Watch,
        "Flush" or "FlushAsync" => StoreFeatures.Flush,
        _ => StoreFeatures.None,
    };

    private static byte[] Utf8(string key) => Encoding.UTF8.GetBytes(key);
}
