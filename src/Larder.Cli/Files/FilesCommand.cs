using System.CommandLine;
using System.Security.Cryptography;
using Larder.Cli.Commands;

namespace Larder.Cli.Files;

/// <summary>A command on the files of a store, whoever else may have it open.</summary>
internal abstract class FilesCommand : Command
{
    private readonly KeyFileOption _keyFile = new();

    protected FilesCommand(string name, string description, Terminal terminal)
        : base(name, description)
    {
        Terminal = terminal;
        Add(_keyFile);
        SetAction(parsed =>
        {
            byte[]? key = _keyFile.Read(parsed);
            using var interruption = new Interruption();
            try
            {
                return Run(parsed, key, interruption.Token);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(key);
            }
        });
    }

    protected Terminal Terminal { get; }

    /// <summary>Does the work and returns the exit code.</summary>
    protected abstract int Run(ParseResult parsed, byte[]? key, CancellationToken cancellationToken);

    /// <summary>Answers: one JSON object, or what a person reads.</summary>
    protected void Answer(ParseResult parsed, object figures, Action<TextWriter> draw)
    {
        if (parsed.GetValue<bool>(JsonOption.LongName))
        {
            Terminal.Out.WriteLine(JsonText.Of(figures));
        }
        else
        {
            draw(Terminal.Out);
        }
    }
}
