namespace Larder.Tests.Model;

/// <summary>One thing done to a store and to its model. Steps know nothing of the state they will meet, so any of them may be left out.</summary>
internal abstract record Step
{
    public abstract void Run(Trial trial);
}

/// <summary>Which version a step claims to know of.</summary>
internal enum Claim
{
    Current,
    Previous,
    Zero,
    Negative,
    Impossible,
}

internal static class Claims
{
    public static long Of(this Claim claim, long current) => claim switch
    {
        Claim.Current => current,
        Claim.Previous => current - 1,
        Claim.Zero => 0,
        Claim.Negative => -1,
        _ => long.MaxValue,
    };
}
