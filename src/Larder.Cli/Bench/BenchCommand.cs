using System.CommandLine;
using Larder.Cli.Commands;

namespace Larder.Cli.Bench;

/// <summary><c>larder bench</c>: how fast this machine is with a store, in memory or on disk, under the mixes of YCSB.</summary>
internal sealed class BenchCommand : Command
{
    /// <summary>Records a commit when a store is filled: on disk one flush for all of them.</summary>
    private const int FilledAtOnce = 1_000;
    private const int BytesAtOnce = 4 * 1024 * 1024;

    private readonly Terminal _terminal;
    private readonly StoreSettings _store = new();
    private readonly Option<string> _mixes = new("--mix") { Description = "Which of the mixes A to F", HelpName = "LETTERS", DefaultValueFactory = _ => "ABCDEF" };
    private readonly NumberOption _records = new("--records", 1, 100_000_000, 100_000) { Description = "Entries in the store", HelpName = "N" };
    private readonly NumberOption _operations = new("--operations", 1) { Description = "Operations of each mix, instead of a time", HelpName = "N" };
    private readonly Option<double> _seconds = new("--seconds") { Description = "Seconds of each mix", HelpName = "S", DefaultValueFactory = _ => 0.5 };
    private readonly NumberOption _valueBytes = new("--value-bytes", 0, 16 * 1024 * 1024, 100) { Description = "Bytes of each value", HelpName = "N" };
    private readonly NumberOption _threads = new("--threads", 1, 1024, Environment.ProcessorCount) { Description = "Threads at work", HelpName = "N" };

    public BenchCommand(Terminal terminal)
        : base("bench", "Measure throughput and latency under the YCSB mixes A to F")
    {
        _terminal = terminal;
        Add(_mixes);
        Add(_records);
        Add(_operations);
        Add(_seconds);
        Add(_valueBytes);
        Add(_threads);
        _store.AddPlaceTo(this);
        _mixes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { Length: > 0 } letters || !letters.All(letter => Mix.All.Any(mix => mix.Name == char.ToUpperInvariant(letter))))
            {
                result.AddError("--mix takes letters from A to F, such as AC.");
            }
        });
        _seconds.Validators.Add(result =>
        {
            if (!(result.GetValueOrDefault<double>() is > 0 and <= 3600))
            {
                result.AddError("--seconds takes a number above 0, at most 3600.");
            }
        });
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var settings = new BenchSettings(
            (int)parsed.GetValue(_records),
            parsed.GetResult(_operations) is null ? null : parsed.GetValue(_operations),
            parsed.GetValue(_seconds),
            (int)parsed.GetValue(_valueBytes),
            (int)parsed.GetValue(_threads),
            _store.DurabilityOf(parsed));
        string letters = parsed.GetRequiredValue(_mixes).ToUpperInvariant();
        var zipfian = new Zipfian(settings.Records);
        using var interruption = new Interruption();
        List<MixResult> results = [.. Mix.All.Where(mix => letters.Contains(mix.Name, StringComparison.Ordinal)).Select(mix => Measure(parsed, mix, settings, zipfian, interruption.Token))];

        var report = new BenchReport(settings, results);
        if (parsed.GetValue<bool>(JsonOption.LongName))
        {
            _terminal.Out.WriteLine(JsonText.Of(report.Figures()));
        }
        else
        {
            report.Draw(_terminal.Canvas());
        }

        long missed = results.Sum(result => result.Missed);
        if (missed > 0)
        {
            _terminal.Complain($"{missed} reads did not find a record that must be there.");
            return ExitCode.Failed;
        }

        return ExitCode.Ok;
    }

    /// <summary>Every mix gets a store of its own, filled afresh: what one inserts does not slow the next. One on disk is removed afterwards.</summary>
    private MixResult Measure(ParseResult parsed, Mix mix, BenchSettings settings, Zipfian zipfian, CancellationToken interrupted)
    {
        if (_store.PathOf(parsed) is not { } path)
        {
            return Measure(parsed, mix, settings, zipfian, new StoreOptions(), interrupted);
        }

        string directory = Path.Combine(path, $"larder-bench-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(directory);
            return Measure(parsed, mix, settings, zipfian, new StoreOptions { Path = directory }, interrupted);
        }
        finally
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private MixResult Measure(ParseResult parsed, Mix mix, BenchSettings settings, Zipfian zipfian, StoreOptions options, CancellationToken interrupted)
    {
        using OpenStore open = _store.Open(parsed, options);
        var value = new byte[settings.ValueBytes];
        int atOnce = Math.Clamp(BytesAtOnce / Math.Max(1, settings.ValueBytes), 1, FilledAtOnce);
        for (int first = 0; first < settings.Records; first += atOnce)
        {
            interrupted.ThrowIfCancellationRequested();
            var batch = new WriteBatch();
            for (int record = first; record < Math.Min(settings.Records, first + atOnce); record++)
            {
                batch.Set(Workload.KeyOf(record), value);
            }

            open.Store.Write(batch);
        }

        return new Workload(open.Store, mix, settings, zipfian).Run(interrupted);
    }
}
