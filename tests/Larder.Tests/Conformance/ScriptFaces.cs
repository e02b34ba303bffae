namespace Larder.Tests.Conformance;

/// <summary>The members of local storage as a suite calls them: directly, or by their async twins.</summary>
public abstract class ScriptFace
{
    public LocalStorage Storage { get; set; } = null!;

    public abstract string? Get(string key);

    public abstract bool Exists(string key);

    public abstract void Set(string key, string value, Expiry expiry = default);

    public abstract bool Remove(string key);

    public abstract void Clear();

    public abstract IReadOnlyList<string> Keys();

    public abstract bool TryGetBytes(string key, System.Buffers.IBufferWriter<byte> target);

    public abstract void SetBytes(string key, byte[] value, Expiry expiry = default);

    public abstract ScriptValue? GetObject(string key);

    public abstract void SetObject(string key, ScriptValue value);

    public abstract string? Update(string key, Func<string?, string?> change);

    public abstract long Increment(string key, long amount = 1);

    public abstract string? GetOrAdd(string key, Func<string, string?> factory);
}

public sealed class SyncScript : ScriptFace
{
    public override string? Get(string key) => Storage.Get(key);

    public override bool Exists(string key) => Storage.Exists(key);

    public override void Set(string key, string value, Expiry expiry = default) => Storage.Set(key, value, expiry);

    public override bool Remove(string key) => Storage.Remove(key);

    public override void Clear() => Storage.Clear();

    public override IReadOnlyList<string> Keys() => Storage.Keys();

    public override bool TryGetBytes(string key, System.Buffers.IBufferWriter<byte> target) => Storage.TryGetBytes(key, target);

    public override void SetBytes(string key, byte[] value, Expiry expiry = default) => Storage.SetBytes(key, value, expiry);

    public override ScriptValue? GetObject(string key) => Storage.GetObject(key);

    public override void SetObject(string key, ScriptValue value) => Storage.SetObject(key, value);

    public override string? Update(string key, Func<string?, string?> change) => Storage.Update(key, change);

    public override long Increment(string key, long amount = 1) => Storage.Increment(key, amount);

    public override string? GetOrAdd(string key, Func<string, string?> factory) => Storage.GetOrAdd(key, factory);
}

public sealed class AsyncScript : ScriptFace
{
    public override string? Get(string key) => Wait(Storage.GetAsync(key));

    public override bool Exists(string key) => Wait(Storage.ExistsAsync(key));

    public override void Set(string key, string value, Expiry expiry = default) => Wait(Storage.SetAsync(key, value, expiry));

    public override bool Remove(string key) => Wait(Storage.RemoveAsync(key));

    public override void Clear() => Wait(Storage.ClearAsync());

    public override IReadOnlyList<string> Keys() => Wait(Storage.KeysAsync());

    public override bool TryGetBytes(string key, System.Buffers.IBufferWriter<byte> target) => Wait(Storage.TryGetBytesAsync(key, target));

    public override void SetBytes(string key, byte[] value, Expiry expiry = default) => Wait(Storage.SetBytesAsync(key, value, expiry));

    public override ScriptValue? GetObject(string key) => Wait(Storage.GetObjectAsync(key));

    public override void SetObject(string key, ScriptValue value) => Wait(Storage.SetObjectAsync(key, value));

    public override string? Update(string key, Func<string?, string?> change) => Wait(Storage.UpdateAsync(key, change));

    public override long Increment(string key, long amount = 1) => Wait(Storage.IncrementAsync(key, amount));

    public override string? GetOrAdd(string key, Func<string, string?> factory) => Wait(Storage.GetOrAddAsync(key, (name, _) => new(factory(name))));

    private static T Wait<T>(ValueTask<T> call) => call.AsTask().GetAwaiter().GetResult();

    private static void Wait(ValueTask call) => call.AsTask().GetAwaiter().GetResult();
}
