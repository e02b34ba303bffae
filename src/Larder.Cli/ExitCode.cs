namespace Larder.Cli;

/// <summary>What the command tells the script that called it; listed in <c>larder --help</c> and in the guide.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>A true answer that is no: the key is absent, a conditional write was refused, files are damaged.</summary>
    public const int No = 1;

    /// <summary>The command line cannot be understood; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The work could not be done: no store, a store in use, an unreadable file, a bad line, a limit, a full store, a claim of the tour that does not hold.</summary>
    public const int Failed = 3;
}
