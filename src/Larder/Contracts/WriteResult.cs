namespace Larder;

/// <summary>
/// The outcome of a conditional write; converts to <see cref="bool"/>.
/// </summary>
/// <param name="Applied">Whether the write took place.</param>
/// <param name="Version">The new version, or, when refused, the version the key has now; 0 when the key is absent.</param>
public readonly record struct WriteResult(bool Applied, long Version)
{
    /// <summary>Whether the write took place.</summary>
    public static implicit operator bool(WriteResult result) => result.Applied;

    /// <summary>Whether the write took place.</summary>
    public bool ToBoolean() => Applied;
}
