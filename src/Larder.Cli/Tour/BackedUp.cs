using System.Text;
using Larder.Cli.Files;
using Spectre.Console;

namespace Larder.Cli.Tour;

/// <summary>A backup, the check of it, and what the check says when one bit of it is no longer what it was.</summary>
internal sealed class BackedUp(TourDirectory directory, Terminal terminal) : Chapter("backup", "Backing up: a copy that is checked, and damage that is found")
{
    private StoreReport? _sound;
    private StoreReport? _damaged;
    private StoreReport? _restored;
    private string _flippedFile = "";
    private long _flippedAt;

    public override object Figures => new
    {
        entries = _sound!.Entries,
        lastSequence = _sound.LastSequence,
        bytes = _sound.Files.Sum(file => file.Bytes),
        problems = _sound.Problems,
        restoredEntries = _restored!.Entries,
        flipped = new { file = _flippedFile, offset = _flippedAt },
        problemsWithTheFlippedBit = _damaged!.Problems,
    };

    public override void Draw(IAnsiConsole canvas)
    {
        canvas.WriteLine($"The backup holds {Bars.Number(_sound!.Entries)} entries, everything up to sequence {Bars.Number(_sound.LastSequence)}.");
        canvas.WriteLine($"In a copy one bit was flipped, at offset {Bars.Number(_flippedAt)} of {_flippedFile}; 'larder verify' on it:");
        new ReportPicture(_damaged!, terminal).DrawRows(terminal.Out);
        foreach (StoreProblem problem in _damaged!.Problems)
        {
            canvas.WriteLine($"  ✗ {ReportPicture.Sentence(problem)}");
        }
    }

    protected override void Play(WebTrace trace)
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("larder-tour-");
        try
        {
            string backup = Path.Combine(scratch.FullName, "backup");
            string damaged = Path.Combine(scratch.FullName, "damaged");
            string restored = Path.Combine(scratch.FullName, "restored");
            using Store store = directory.Open();
            long lastSequence = store.Backup(backup);
            _sound = StoreFiles.Verify(backup);
            Claim("the backup is sound and holds everything", _sound.IsSound && _sound.Entries == store.Statistics.Entries && _sound.LastSequence == lastSequence);

            _restored = StoreFiles.Restore(backup, restored);
            Claim("restored, it is a store with the same counters", _restored.IsSound && RequestsIn(restored) == TourDirectory.RequestsIn(store));

            Copy(backup, damaged);
            FlipOneBit(damaged, TourDirectory.HitsOf(0));
            _damaged = StoreFiles.Verify(damaged);
            Claim(
                "one flipped bit is found, and its file, its place and the commits concerned are named",
                _damaged.Problems.Any(problem => Path.GetFileName(problem.File) == _flippedFile && problem.Offset <= _flippedAt && problem.FirstSequence > 0));
            Claim("the damaged copy is not opened, rather than opened with something missing", IsRefused(damaged));
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static long RequestsIn(string path)
    {
        using Store store = new TourDirectory(path).Open();
        return TourDirectory.RequestsIn(store);
    }

    private static bool IsRefused(string path)
    {
        try
        {
            new TourDirectory(path).Open().Dispose();
            return false;
        }
        catch (StoreDamagedException)
        {
            return true;
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    /// <summary>Flips the lowest bit of the first letter of a key, in the first file that holds it.</summary>
    private void FlipOneBit(string path, string key)
    {
        foreach (string file in Directory.GetFiles(path).Order(StringComparer.Ordinal))
        {
            byte[] content = File.ReadAllBytes(file);
            int at = content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(key));
            if (at >= 0)
            {
                content[at] ^= 1;
                File.WriteAllBytes(file, content);
                (_flippedFile, _flippedAt) = (Path.GetFileName(file), at);
                return;
            }
        }

        throw new InvalidOperationException($"no file of the backup holds '{key}'.");
    }
}
