namespace Larder.Tests.Conformance;

/// <summary>The members of session storage as a suite calls them: directly, or by their async twins.</summary>
public abstract class SessionFace
{
    public SessionStorage Storage { get; set; } = null!;

    public abstract string Create();

    public abstract string? Get(string id, string key);

    public abstract void Set(string id, string key, string value);

    public abstract bool Delete(string id, string key);

    public abstract int Clear(string id);

    public abstract bool End(string id);

    public abstract IReadOnlyList<string> Keys(string id);

    public abstract string Rotate(string id);

    public abstract bool Touch(string id);

    public abstract long Sweep();
}

public sealed class SyncSessions : SessionFace
{
    public override string Create() => Storage.Create();

    public override string? Get(string id, string key) => Storage.Get(id, key);

    public override void Set(string id, string key, string value) => Storage.Set(id, key, value);

    public override bool Delete(string id, string key) => Storage.Delete(id, key);

    public override int Clear(string id) => Storage.Clear(id);

    public override bool End(string id) => Storage.End(id);

    public override IReadOnlyList<string> Keys(string id) => Storage.Keys(id);

    public override string Rotate(string id) => Storage.Rotate(id);

    public override bool Touch(string id) => Storage.Touch(id);

    public override long Sweep() => Storage.Sweep();
}

public sealed class AsyncSessions : SessionFace
{
    public override string Create() => Wait(Storage.CreateAsync());

    public override string? Get(string id, string key) => Wait(Storage.GetAsync(id, key));

    public override void Set(string id, string key, string value) => Storage.SetAsync(id, key, value).AsTask().GetAwaiter().GetResult();

    public override bool Delete(string id, string key) => Wait(Storage.DeleteAsync(id, key));

    public override int Clear(string id) => Wait(Storage.ClearAsync(id));

    public override bool End(string id) => Wait(Storage.EndAsync(id));

    public override IReadOnlyList<string> Keys(string id) => Wait(Storage.KeysAsync(id));

    public override string Rotate(string id) => Wait(Storage.RotateAsync(id));

    public override bool Touch(string id) => Wait(Storage.TouchAsync(id));

    public override long Sweep() => Wait(Storage.SweepAsync());

    private static T Wait<T>(ValueTask<T> call) => call.AsTask().GetAwaiter().GetResult();
}
