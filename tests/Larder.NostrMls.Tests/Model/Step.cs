namespace Larder.NostrMls.Tests.Model;

/// <summary>One thing done to a store and to its model. Steps know nothing of the state they will meet, so any of them may be left out.</summary>
internal abstract class Step
{
    public abstract void Run(Trial trial);
}

/// <summary>One call, whose answers are compared.</summary>
internal sealed class Call(string text, Func<IMlsOperations, object?> real, Func<MlsModel, object?> model) : Step
{
    /// <summary>A call that answers nothing.</summary>
    public static Call Of(string text, Action<IMlsOperations> real, Action<MlsModel> model) => new(
        text,
        store =>
        {
            real(store);
            return null;
        },
        plain =>
        {
            model(plain);
            return null;
        });

    public override void Run(Trial trial) => trial.Compare(real, model);

    public override string ToString() => text;
}

/// <summary>Calls that commit together, or not at all.</summary>
internal sealed class TransactionStep(IReadOnlyList<Step> steps, bool throws) : Step
{
    public override void Run(Trial trial) => trial.InTransaction(steps, throws);

    public override string ToString() => $"transaction{(throws ? " that throws" : "")} {{ {string.Join("; ", steps)} }}";
}

/// <summary>Keeps a copy of everything for later.</summary>
internal sealed class CaptureStep : Step
{
    public override void Run(Trial trial) => trial.Capture();

    public override string ToString() => "capture";
}

internal sealed class RestoreStep(int which) : Step
{
    public override void Run(Trial trial) => trial.Restore(which);

    public override string ToString() => $"restore capture {which}";
}

internal sealed class AdvanceStep(int seconds) : Step
{
    public override void Run(Trial trial) => trial.Advance(seconds);

    public override string ToString() => $"advance {seconds} s";
}

/// <summary>Closes a store in a directory and opens it again.</summary>
internal sealed class ReopenStep : Step
{
    public override void Run(Trial trial) => trial.Reopen();

    public override string ToString() => "reopen";
}
