namespace Larder.Durability;

/// <summary>Why a log takes no more: made once, thrown anew for everybody who must know.</summary>
internal sealed record LogFailure(string What, long LastDurable, Exception Cause)
{
    /// <summary>What the operating system said, as <see cref="IOException"/> carries it.</summary>
    internal int ErrorNumber => Cause switch
    {
        DiskFullException when !OperatingSystem.IsWindows() => Posix.NoSpace,
        IOException => Cause.HResult & 0xffff,
        _ => 0,
    };

    internal StorePoisonedException Error() => new(What, ErrorNumber, LastDurable, Cause);
}
