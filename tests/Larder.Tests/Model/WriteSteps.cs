using System.Text;

namespace Larder.Tests.Model;

internal sealed record SetStep(Place Key, string Value, Lifetime Lifetime) : Step
{
    public override void Run(Trial trial)
    {
        Expiry expiry = Lifetime.ToExpiry(trial.Model.Now);
        trial.Write(
            Key,
            Value,
            store => store.Set(Key.Relative, Encoding.UTF8.GetBytes(Value), expiry),
            version => version,
            draft => draft.Set(Key.Full, Value, ValueKind.Bytes, Lifetime));
    }
}

internal sealed record SetTextStep(Place Key, string Value, Lifetime Lifetime) : Step
{
    public override void Run(Trial trial)
    {
        Expiry expiry = Lifetime.ToExpiry(trial.Model.Now);
        trial.Write(
            Key,
            Value,
            store => store.Set(Key.Relative, Value, expiry),
            version => version,
            draft => draft.Set(Key.Full, Value, ValueKind.Text, Lifetime));
    }
}

internal sealed record AddStep(Place Key, string Value, Lifetime Lifetime) : Step
{
    public override void Run(Trial trial)
    {
        Expiry expiry = Lifetime.ToExpiry(trial.Model.Now);
        trial.Write(
            Key,
            Value,
            store => store.TryAdd(Key.Relative, Encoding.UTF8.GetBytes(Value), expiry),
            result => result.Version,
            draft => draft.Find(Key.Full) is { } present
                    ? new WriteResult(false, present.Version)
                    : new WriteResult(true, draft.Set(Key.Full, Value, ValueKind.Bytes, Lifetime)));
    }
}

internal sealed record UpdateStep(Place Key, string Value, Claim Claim, Lifetime Lifetime) : Step
{
    public override void Run(Trial trial)
    {
        Expiry expiry = Lifetime.ToExpiry(trial.Model.Now);
        long expected = Claim.Of(trial.Model.Find(Key.Full)?.Version ?? 0);
        trial.Write(
            Key,
            Value,
            store => store.TryUpdate(Key.Relative, Encoding.UTF8.GetBytes(Value), expected, expiry),
            result => result.Version,
            draft => draft.Find(Key.Full) is { } present && present.Version == expected
                    ? new WriteResult(true, draft.Set(Key.Full, Value, ValueKind.Bytes, Lifetime))
                    : new WriteResult(false, draft.VersionOf(Key.Full)));
    }
}

internal sealed record IncrementStep(Place Key, long By, Lifetime Lifetime) : Step
{
    public override void Run(Trial trial)
    {
        Expiry expiry = Lifetime.ToExpiry(trial.Model.Now);
        trial.Write(Key, "", store => store.Increment(Key.Relative, By, expiry), null, draft => draft.Increment(Key.Full, By, Lifetime));
    }
}

internal sealed record TouchStep(Place Key, Lifetime Lifetime) : Step
{
    public override void Run(Trial trial)
    {
        Expiry expiry = Lifetime.ToExpiry(trial.Model.Now);
        trial.Write(Key, "", store => store.Touch(Key.Relative, expiry), null, draft => draft.Touch(Key.Full, Lifetime));
    }
}

internal sealed record GetOrAddStep(Place Key, string Value, Lifetime Lifetime) : Step
{
    public override void Run(Trial trial)
    {
        Expiry expiry = Lifetime.ToExpiry(trial.Model.Now);
        trial.Write(
            Key,
            "",
            store => store.GetOrAdd(Key.Relative, _ => Value, expiry),
            null,
            draft =>
            {
                if (draft.Find(Key.Full) is not { } present)
                {
                    trial.Model.CheckLimits(Key.Full, Value);
                    draft.Set(Key.Full, Value, ValueKind.Text, Lifetime);
                    return Value;
                }

                return present.Kind == ValueKind.Text ? present.Value : throw new ValueKindException(Key.Full, present.Kind, typeof(string));
            });
    }
}

internal sealed record RemoveStep(Place Key) : Step
{
    public override void Run(Trial trial) =>
        trial.Write(Key, "", store => store.Remove(Key.Relative), null, draft => draft.Remove(Key.Full));
}

internal sealed record RemoveVersionStep(Place Key, Claim Claim) : Step
{
    public override void Run(Trial trial)
    {
        long expected = Claim.Of(trial.Model.Find(Key.Full)?.Version ?? 0);
        trial.Write(
            Key,
            "",
            store => store.Remove(Key.Relative, expected),
            null,
            draft => draft.Find(Key.Full) is { } present && present.Version == expected && draft.Remove(Key.Full));
    }
}

/// <summary>Not atomic: each key goes in a commit of its own.</summary>
internal sealed record RemovePrefixStep(Place Prefix) : Step
{
    public override void Run(Trial trial) =>
        trial.Read(
            Prefix,
            store => store.RemovePrefix(Prefix.Relative),
            model => model.Under(Prefix.Full).LongCount(entry => model.Commit(0, [], draft => draft.Remove(entry.Key))));
}

internal sealed record ClearStep(string Scope) : Step
{
    public override void Run(Trial trial) =>
        trial.WriteMany(
            Scope,
            store =>
            {
                store.Clear();
                return true;
            },
            _ => 0,
            (draft, _) =>
            {
                draft.Clear(Scope);
                return true;
            });
}
