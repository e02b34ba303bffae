using System.Text;
using Spectre.Console;

namespace Larder.Cli;

/// <summary>
/// Everything the command knows of the world outside: three streams, a clock, and how far it may go in decorating its output.
/// Commands take it as a parameter and use nothing static, so a test runs the whole command line in its own process.
/// </summary>
internal sealed class Terminal(TextReader input, TextWriter output, TextWriter error, TimeProvider time)
{
    /// <summary>Columns to draw in when nobody says how many there are.</summary>
    private const int DefaultWidth = 100;

    public TextReader In => input;

    public TextWriter Out => output;

    public TextWriter Error => error;

    public TimeProvider Time => time;

    /// <summary>Whether a person reads the output directly.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Whether a person types as well: then the shell prompts.</summary>
    public bool Interactive { get; init; }

    /// <summary>Whether colours and progress bars may appear: not when redirected, nor when NO_COLOR is set.</summary>
    public bool Styled { get; init; }

    public int Width { get; init; } = DefaultWidth;

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess()
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        bool toTerminal = !Console.IsOutputRedirected;
        return new Terminal(
            Console.In,
            new StreamWriter(Console.OpenStandardOutput(), Console.OutputEncoding, bufferSize: 16 * 1024),
            Console.Error,
            TimeProvider.System)
        {
            OutputIsTerminal = toTerminal,
            Interactive = toTerminal && !Console.IsInputRedirected,
            Styled = toTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Width = toTerminal && Console.WindowWidth > 0 ? Math.Clamp(Console.WindowWidth, 60, 140) : DefaultWidth,
        };
    }

    /// <summary>Text that steps back behind its neighbours.</summary>
    public string Dim(string text) => Styled ? $"\e[2m{text}\e[0m" : text;

    /// <summary>Text that stands out.</summary>
    public string Strong(string text) => Styled ? $"\e[36m{text}\e[0m" : text;

    /// <summary>One sentence on standard error.</summary>
    public void Complain(string sentence)
    {
        Out.Flush();
        Error.WriteLine($"larder: {sentence}");
        Error.Flush();
    }

    /// <summary>A console for tables, charts and progress over <see cref="Out"/>. It wraps lines, so data never goes through it.</summary>
    public IAnsiConsole Canvas()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Out),
            Ansi = Styled ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = Styled ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = Styled ? InteractionSupport.Yes : InteractionSupport.No,
        });
        console.Profile.Width = Width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
