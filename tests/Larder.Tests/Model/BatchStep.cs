using System.Text;

namespace Larder.Tests.Model;

/// <summary>One item of a batch, on both sides.</summary>
internal sealed record BatchPart(BatchOperation Operation, string Key, string Value, long By, Claim Claim, Lifetime Lifetime)
{
    public override string ToString() => Operation switch
    {
        BatchOperation.Set => $"Set '{Key}'={Value} {Lifetime}",
        BatchOperation.Increment => $"Increment '{Key}' {By} {Lifetime}",
        BatchOperation.Require => $"Require '{Key}' {Claim}",
        _ => $"{Operation} '{Key}'",
    };
}

internal sealed record BatchStep(string Scope, IReadOnlyList<BatchPart> Parts) : Step
{
    public override void Run(Trial trial)
    {
        // What a requirement claims is settled before the batch, as a caller would.
        List<BatchPart> parts = [.. Parts.Select(part => part with { By = Amount(part, trial.Model) })];
        var batch = new WriteBatch();
        foreach (BatchPart part in parts)
        {
            Add(batch, part, trial.Model.Now);
        }

        trial.WriteMany(
            Scope,
            store => store.Write(batch),
            result => result.Applied ? result.Version : Trial.NoVersion,
            (draft, version) => Apply(parts, draft, version, trial.Model));
    }

    public override string ToString() => $"BatchStep '{Scope}' {{ {string.Join(", ", Parts)} }}";

    private long Amount(BatchPart part, StoreModel model) =>
        part.Operation == BatchOperation.Require ? part.Claim.Of(model.Find(Scope + part.Key)?.Version ?? 0) : part.By;

    private static void Add(WriteBatch batch, BatchPart part, long now)
    {
        Expiry expiry = part.Lifetime.ToExpiry(now);
        _ = part.Operation switch
        {
            BatchOperation.Set => batch.Set(part.Key, Encoding.UTF8.GetBytes(part.Value), expiry),
            BatchOperation.Remove => batch.Remove(part.Key),
            BatchOperation.Increment => batch.Increment(part.Key, part.By, expiry),
            BatchOperation.Require => batch.Require(part.Key, part.By),
            _ => batch.Clear(),
        };
    }

    private WriteResult Apply(List<BatchPart> parts, Draft draft, long version, StoreModel model)
    {
        foreach (BatchPart part in parts.Where(part => part.Operation != BatchOperation.Clear))
        {
            model.CheckLimits(Scope + part.Key, part.Operation == BatchOperation.Set ? part.Value : "");
        }

        foreach (BatchPart part in parts)
        {
            string key = Scope + part.Key;
            switch (part.Operation)
            {
                case BatchOperation.Set:
                    draft.Set(key, part.Value, ValueKind.Bytes, part.Lifetime);
                    break;
                case BatchOperation.Remove:
                    draft.Remove(key);
                    break;
                case BatchOperation.Increment:
                    draft.Increment(key, part.By, part.Lifetime);
                    break;
                case BatchOperation.Require when draft.VersionOf(key) != part.By:
                    return draft.Refuse(key);
                case BatchOperation.Clear:
                    draft.Clear(Scope);
                    break;
            }
        }

        return new WriteResult(true, draft.Changes.Count > 0 ? version : 0);
    }
}
