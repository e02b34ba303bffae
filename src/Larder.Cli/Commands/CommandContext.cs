namespace Larder.Cli.Commands;

/// <summary>What the body of a store command works with: the store, the streams, and whether to answer in JSON.</summary>
internal sealed class CommandContext(OpenStore open, Terminal terminal, bool json)
{
    public OpenStore Open => open;

    public Store Store => open.Store;

    public Terminal Terminal => terminal;

    public bool Json => json;

    /// <summary>Answers: one JSON object, or what a person reads.</summary>
    public int Answer(object figures, string sentence)
    {
        terminal.Out.WriteLine(json ? JsonText.Of(figures) : sentence);
        return ExitCode.Ok;
    }

    /// <summary>The answer that is no: JSON on standard output like every other, a sentence on standard error.</summary>
    public int No(object figures, string sentence)
    {
        if (json)
        {
            terminal.Out.WriteLine(JsonText.Of(figures));
        }
        else
        {
            terminal.Complain(sentence);
        }

        return ExitCode.No;
    }

    /// <summary>The answer to a question about a key that is not there.</summary>
    public int NotFound(string key) => No(new { key, found = false }, $"there is no key '{EntryText.Escape(key)}'.");

    /// <summary>The present version of a key that was just written; 0 when it is gone again.</summary>
    public long VersionOf(string key) => Store.TryGet(key, out Entry entry) ? entry.Version : 0;
}
