using System.CommandLine;
using Larder.Cli.Commands;
using Larder.Cli.Transfer;

namespace Larder.Cli.Files;

/// <summary><c>repair DIR TARGET</c>: saves what can be read of a damaged store into a new directory. The answer is no when something was lost.</summary>
internal sealed class RepairCommand : FilesCommand
{
    private readonly DirectoryArgument _directory = new("DIR", "The directory of the damaged store, which is not changed");
    private readonly DirectoryArgument _target = new("TARGET", "The new directory, which must not exist or be empty");

    public RepairCommand(Terminal terminal)
        : base("repair", "Save what can be read of a damaged store into a new directory, and say what was lost", terminal)
    {
        Add(_directory);
        Add(_target);
    }

    protected override int Run(ParseResult parsed, byte[]? key, CancellationToken cancellationToken)
    {
        string path = parsed.GetRequiredValue(_directory);
        string target = parsed.GetRequiredValue(_target);
        RepairReport report = Progress.Run(Terminal, "repairing", progress => StoreFiles.Repair(path, target, key, progress, cancellationToken));
        Answer(parsed, report, output =>
        {
            foreach (StoreProblem lost in report.Lost)
            {
                output.WriteLine($"  ✗ {ReportPicture.Sentence(lost)}");
            }

            output.WriteLine($"saved {report.Entries:N0} entries into {report.Path}: {report.CommitsRecovered:N0} commits, the last at sequence {report.LastSequence:N0}");
        });
        if (report.Lost.Count == 0)
        {
            return ExitCode.Ok;
        }

        if (!parsed.GetValue<bool>(JsonOption.LongName))
        {
            Terminal.Complain("not everything could be saved, and what was saved may be a state that never was: compare it with a backup.");
        }

        return ExitCode.No;
    }
}
