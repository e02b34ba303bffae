using System.CommandLine;
using Larder.Cli.Commands;
using Larder.Cli.Transfer;

namespace Larder.Cli.Files;

/// <summary><c>verify DIR</c>: reads every byte of a store's files and shows what is wrong with them; changes nothing.</summary>
internal sealed class VerifyCommand : FilesCommand
{
    private readonly DirectoryArgument _directory = new("DIR", "The directory of the store");

    public VerifyCommand(Terminal terminal)
        : base("verify", "Read every byte of a store's files and show what is wrong; changes nothing, works beside the owner", terminal) => Add(_directory);

    /// <summary>One sentence about a store without problems.</summary>
    public static string Verdict(StoreReport report, bool hasKey)
    {
        string end = report switch
        {
            { ClosedCleanly: true } => "closed cleanly",
            { TornBytes: > 0 } => $"not closed by its last owner, who left {report.TornBytes:N0} bytes of a write that nobody was promised",
            _ => "not closed by its last owner, or still open",
        };
        bool isCounted = hasKey || !report.Files.Any(file => file.IsEncrypted);
        string entries = isCounted ? $"{report.Entries:N0} entries" : "entries are not counted without the key";
        return $"sound: {entries}, everything up to sequence {report.LastSequence:N0}; {end}";
    }

    protected override int Run(ParseResult parsed, byte[]? key, CancellationToken cancellationToken)
    {
        string path = parsed.GetRequiredValue(_directory);
        StoreReport report = Progress.Run(Terminal, "verifying", progress => StoreFiles.Verify(path, key, progress, cancellationToken));
        bool isJson = parsed.GetValue<bool>(JsonOption.LongName);
        Answer(parsed, report, output =>
        {
            output.WriteLine($"store {report.StoreId} in {report.Path}: {report.Files.Count:N0} files, {ReportPicture.Size(report.Files.Sum(file => file.Bytes))}");
            new ReportPicture(report, Terminal).Draw(output);
            if (report.IsSound)
            {
                output.WriteLine(Verdict(report, key is not null));
            }
        });
        if (!report.IsSound && !isJson)
        {
            string problems = report.Problems.Count == 1 ? "1 problem" : $"{report.Problems.Count:N0} problems";
            Terminal.Complain(report.Problems.Any(ReportPicture.LosesCommits)
                ? $"{problems} in '{path}': a backup is best; 'larder repair {path} TARGET' saves what is left into a new directory."
                : $"{problems} in '{path}', but no commit is lost and the store opens: 'larder compact {path}' writes anew what is damaged.");
        }

        return report.IsSound ? ExitCode.Ok : ExitCode.No;
    }
}
