using System.CommandLine;

namespace Larder.Cli.Commands;

/// <summary><c>larder shell</c>: commands line by line on one store, in memory or in a directory, typed or redirected.</summary>
internal sealed class ShellCommand : Command
{
    private readonly Terminal _terminal;
    private readonly StoreSettings _settings = new();

    public ShellCommand(Terminal terminal)
        : base("shell", "Type commands on one store, in memory or in a directory, or redirect them into it")
    {
        _terminal = terminal;
        _settings.AddPlaceTo(this);
        _settings.AddBoundsTo(this);
        SetAction(Run);
    }

    /// <summary>Returns the highest code of any redirected command. Who types has seen what went wrong, so a typed session ends with 0.</summary>
    private int Run(ParseResult parsed)
    {
        using OpenStore store = _settings.Open(parsed, _terminal.Time);
        var interpreter = new Interpreter(store, _terminal, parsed.GetValue<bool>(JsonOption.LongName));
        if (_terminal.Interactive)
        {
            string place = _settings.PathOf(parsed) is { } path ? $"The store in '{path}' ({DurabilityOption.NameOf(store.Durability)})" : "A store in memory";
            _terminal.Out.WriteLine($"{place}. 'help' lists the commands, 'exit' closes the store and ends the shell.");
        }

        int worst = ExitCode.Ok;
        while (ReadLine() is { } line && line.Trim() is not ("exit" or "quit"))
        {
            worst = Math.Max(worst, interpreter.Run(line));
            _terminal.Out.Flush();
        }

        return _terminal.Interactive ? ExitCode.Ok : worst;
    }

    private string? ReadLine()
    {
        if (_terminal.Interactive)
        {
            _terminal.Out.Write(_terminal.Strong("larder> "));
            _terminal.Out.Flush();
        }

        return _terminal.In.ReadLine();
    }
}
