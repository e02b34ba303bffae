namespace Larder;

/// <summary>The outcome of asking for permits of a window; converts to <see cref="bool"/>.</summary>
/// <param name="Allowed">Whether the permits were there and have been taken.</param>
/// <param name="Count">How many of the window are taken now.</param>
/// <param name="Limit">How many a window has.</param>
/// <param name="ResetsAt">When the window ends, on the store's clock; null when it never does, or when none has begun.</param>
public readonly record struct AcquireResult(bool Allowed, long Count, long Limit, DateTimeOffset? ResetsAt)
{
    /// <summary>How many the window has left; at least 0.</summary>
    public long Remaining => Count >= Limit ? 0 : Limit - Math.Max(Count, 0);

    /// <summary>Whether the permits were there and have been taken.</summary>
    public static implicit operator bool(AcquireResult result) => result.Allowed;

    /// <summary>Whether the permits were there and have been taken.</summary>
    public bool ToBoolean() => Allowed;
}
