using System.CommandLine;
using System.Globalization;
using Larder.Cli.Commands;

namespace Larder.Cli.Tour;

/// <summary>A write that the store acknowledged: which thread's, its how many-th, and the version it got.</summary>
internal readonly record struct Acknowledgement(int Thread, int Number, long Version);

/// <summary>
/// The process that the tour kills. Its threads write keys of their own and print every acknowledgement before the next write; one of them flushes once.
/// A line ends with a full stop, so that half a line is not taken for a whole one.
/// </summary>
internal sealed class WriterCommand : Command
{
    public const string CommandName = "tour-writer";
    public const int Threads = 8;

    private const int FlushAfter = 100;

    private readonly StoreSettings _settings = new();
    private readonly Terminal _terminal;
    private readonly Lock _line = new(); // guards the output, so that lines stay whole

    public WriterCommand(Terminal terminal)
        : base(CommandName, "What the tour starts and kills")
    {
        _terminal = terminal;
        Hidden = true;
        _settings.AddPlaceTo(this);
        SetAction(Run);
    }

    /// <summary>A line of the output, if it says that a write was acknowledged.</summary>
    public static Acknowledgement? Acknowledged(string line) =>
        line.Split(' ') is ["ack", var thread, var number, var version, "."]
            ? new Acknowledgement(int.Parse(thread, CultureInfo.InvariantCulture), int.Parse(number, CultureInfo.InvariantCulture), long.Parse(version, CultureInfo.InvariantCulture))
            : null;

    /// <summary>A line of the output, if it says up to which commit all was flushed.</summary>
    public static long? Flushed(string line) => line.Split(' ') is ["flushed", var version, "."] ? long.Parse(version, CultureInfo.InvariantCulture) : null;

    /// <summary>Thread and number from the end of a key.</summary>
    public static (int Thread, int Number) Parse(ReadOnlySpan<char> key)
    {
        int colon = key.IndexOf(':');
        return (int.Parse(key[..colon], NumberStyles.None, CultureInfo.InvariantCulture), int.Parse(key[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture));
    }

    private int Run(ParseResult parsed)
    {
        using OpenStore open = _settings.Open(parsed, _terminal.Time);
        string prefix = TourDirectory.KilledIn(open.Durability);
        bool abandoned = false;
        _ = Task.Run(() =>
        {
            _terminal.In.ReadToEnd(); // it ends when the tour does: then nobody is left to kill this process
            Volatile.Write(ref abandoned, true);
        });
        Crowd.Run(Threads, thread =>
        {
            for (int number = 0; !Volatile.Read(ref abandoned); number++)
            {
                long version = open.Store.Set(string.Create(CultureInfo.InvariantCulture, $"{prefix}{thread}:{number:D7}"), number);
                Say($"ack {thread} {number} {version} .");
                if (thread == 0 && number == FlushAfter)
                {
                    open.Store.Flush();
                    Say($"flushed {version} .");
                }
            }
        });
        return ExitCode.Ok;
    }

    private void Say(FormattableString line)
    {
        lock (_line)
        {
            _terminal.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));
            _terminal.Out.Flush();
        }
    }
}
