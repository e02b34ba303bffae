using System.Diagnostics;
using Spectre.Console;

namespace Larder.Cli.Tour;

/// <summary>Something that the tour says is so, and whether it found it so.</summary>
internal sealed record Claim(string Chapter, string Text, bool Holds);

/// <summary>One part of the tour: does something with a store, checks what it says about it, and shows the figures.</summary>
internal abstract class Chapter(string name, string title)
{
    private readonly List<Claim> _claims = [];

    /// <summary>The name under which <c>--json</c> prints the figures.</summary>
    public string Name => name;

    public string Title => title;

    public IReadOnlyList<Claim> Claims => _claims;

    public TimeSpan Elapsed { get; private set; }

    /// <summary>The figures for <c>--json</c>.</summary>
    public abstract object Figures { get; }

    public void Run(WebTrace trace)
    {
        long begun = Stopwatch.GetTimestamp();
        Play(trace);
        Elapsed = Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>Shows the figures to a person.</summary>
    public abstract void Draw(IAnsiConsole canvas);

    protected abstract void Play(WebTrace trace);

    protected void Claim(string text, bool holds) => _claims.Add(new Claim(name, text, holds));
}
