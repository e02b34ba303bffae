using System.Globalization;

namespace Larder.Cli.Files;

/// <summary>
/// What a look at the files of a store found, one row a file: how large it is beside the others and where it is damaged, and which of the store's sequences
/// it covers, so that a gap or an overlap is seen before it is read.
/// </summary>
internal sealed class ReportPicture(StoreReport report, Terminal terminal)
{
    private const int BytesWidth = 22;
    private const int SequencesWidth = 26;

    private readonly long _mostBytes = Math.Max(1, report.Files.Select(file => file.Bytes).DefaultIfEmpty().Max());
    private readonly long _lastSequence = Math.Max(1, report.Files.Select(file => file.LastSequence).Append(report.LastSequence).Concat(report.Problems.Select(problem => problem.LastSequence)).Max());
    private readonly int _nameWidth = report.Files.Select(file => file.Name.Length).Append("in doubt".Length).Max();

    /// <summary>The rows, then what is wrong, a sentence each.</summary>
    public void Draw(TextWriter output)
    {
        DrawRows(output);
        foreach (StoreProblem problem in report.Problems)
        {
            output.WriteLine($"  {Paint("31", "✗")} {Sentence(problem)}");
        }
    }

    /// <summary>A row for each file, one for what is in doubt, and what the signs mean.</summary>
    public void DrawRows(TextWriter output)
    {
        output.WriteLine($"  {"".PadRight(_nameWidth)}  {"bytes",-BytesWidth}          {$"sequences 1 to {Number(_lastSequence)}",-SequencesWidth}  records");
        foreach (StoreFileReport file in report.Files)
        {
            output.WriteLine($"  {file.Name.PadRight(_nameWidth)}  {BytesOf(file)}  {Size(file.Bytes),8}{SequencesOf(file)}  {(file.IsNeeded ? Number(file.Records) : terminal.Dim(Number(file.Records)))}");
        }

        if (report.Problems.Any(LosesCommits))
        {
            bool[] doubted = Cells(report.Problems.Where(LosesCommits).Select(problem => (problem.FirstSequence, problem.LastSequence == 0 ? _lastSequence : problem.LastSequence)));
            output.WriteLine($"  {"in doubt".PadRight(_nameWidth)}  {"",BytesWidth}  {"",8}  {Paint("31", Row(doubted, '✗').TrimEnd())}");
        }

        output.WriteLine(terminal.Dim($"  █ ━ read when the store opens   ░ ─ the generation before{(report.Problems.Count > 0 ? "   ✗ damaged or in doubt" : "")}"));
    }

    /// <summary>Whether commits are lost or in doubt; what the store does not need may be damaged as well.</summary>
    public static bool LosesCommits(StoreProblem problem) => problem.FirstSequence > 0;

    /// <summary>Where, what, and which commits it concerns.</summary>
    public static string Sentence(StoreProblem problem)
    {
        string commits = problem.LastSequence switch
        {
            _ when !LosesCommits(problem) => "no commit is lost",
            0 => $"commits from sequence {Number(problem.FirstSequence)} on are lost or in doubt",
            long last when last == problem.FirstSequence => $"commit {Number(last)} is lost or in doubt",
            long last => $"commits {Number(problem.FirstSequence)} to {Number(last)} are lost or in doubt",
        };
        return $"{Path.GetFileName(problem.File)} at offset {Number(problem.Offset)}: {problem.Problem}; {commits}.";
    }

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Size(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:N0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:N1} GB"),
    };

    /// <summary>The bar of a file with a mark at every damaged place.</summary>
    private string BytesOf(StoreFileReport file)
    {
        int length = Math.Max(1, (int)Math.Round((double)file.Bytes / _mostBytes * BytesWidth));
        var damaged = new bool[length];
        foreach (StoreProblem problem in report.Problems.Where(problem => Path.GetFileName(problem.File) == file.Name))
        {
            damaged[(int)Math.Clamp(problem.Offset * length / Math.Max(1, file.Bytes), 0, length - 1)] = true;
        }

        string bar = string.Concat(damaged.Select(mark => mark ? Paint("31", "✗") : Paint(file.IsNeeded ? "32" : "2", file.IsNeeded ? "█" : "░")));
        return bar + new string(' ', BytesWidth - length);
    }

    /// <summary>The stretch of the store's life that a file covers; a checkpoint covers all of it up to its moment.</summary>
    private string SequencesOf(StoreFileReport file)
    {
        (long, long) covered = file.Kind == "checkpoint" ? (1, file.FirstSequence) : (file.FirstSequence, file.LastSequence);
        return "  " + Paint(file.IsNeeded ? "32" : "2", Row(Cells([covered]), file.IsNeeded ? '━' : '─'));
    }

    private bool[] Cells(IEnumerable<(long First, long Last)> stretches)
    {
        var cells = new bool[SequencesWidth];
        foreach ((long first, long last) in stretches.Where(stretch => stretch.First >= 1 && stretch.Last >= stretch.First))
        {
            int from = Math.Clamp((int)Math.Floor(Share(first - 1)), 0, SequencesWidth - 1);
            int end = Math.Clamp((int)Math.Ceiling(Share(last)), from + 1, SequencesWidth);
            Array.Fill(cells, true, from, end - from);
        }

        return cells;

        double Share(long sequences) => (double)sequences / _lastSequence * SequencesWidth;
    }

    private static string Row(bool[] cells, char mark) => string.Concat(cells.Select(filled => filled ? mark : ' '));

    private string Paint(string colour, string text) => terminal.Styled ? $"\e[{colour}m{text}\e[0m" : text;
}
