using System.CommandLine;
using Larder.Cli.Transfer;

namespace Larder.Cli.Files;

/// <summary><c>restore BACKUP TARGET</c>: puts a backup into a new directory, verified before it gets its name.</summary>
internal sealed class RestoreCommand : FilesCommand
{
    private readonly DirectoryArgument _backup = new("BACKUP", "The directory of the backup");
    private readonly DirectoryArgument _target = new("TARGET", "The new directory, which must not exist or be empty");

    public RestoreCommand(Terminal terminal)
        : base("restore", "Put a backup into a new directory, and verify it there", terminal)
    {
        Add(_backup);
        Add(_target);
    }

    protected override int Run(ParseResult parsed, byte[]? key, CancellationToken cancellationToken)
    {
        string backup = parsed.GetRequiredValue(_backup);
        string target = parsed.GetRequiredValue(_target);
        StoreReport report = Progress.Run(Terminal, "restoring", progress => StoreFiles.Restore(backup, target, key, progress, cancellationToken));
        Answer(parsed, report, output => output.WriteLine($"restored into {target}; {VerifyCommand.Verdict(report, key is not null)}"));
        return ExitCode.Ok;
    }
}
