namespace Larder.Tests.Durability;

/// <summary>One system call that was watched.</summary>
/// <param name="Thread">The thread that made it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Its arguments as strace writes them, descriptors with the file they stand for.</param>
/// <param name="Result">What it returned.</param>
/// <param name="Error">The name of the error; empty when there was none.</param>
/// <param name="Begun">Its place in the order in which calls began.</param>
/// <param name="Ended">Its place in the order in which calls ended, on the same scale.</param>
internal sealed record SystemCall(int Thread, string Name, string Arguments, string Result, string Error, int Begun, int Ended)
{
    /// <summary>The path behind the descriptor that is the first argument, or of the file that was opened.</summary>
    public string File => Name == "openat" ? Between(Result, '<', '>') : Between(Arguments, '<', '>');

    /// <summary>Its file name.</summary>
    public string FileName => Path.GetFileName(File);

    /// <summary>The paths in quotes among the arguments.</summary>
    public string[] Quoted => [.. Arguments.Split('"').Where((_, at) => at % 2 == 1)];

    /// <summary>Whether this call had returned before the other one was made.</summary>
    public bool Precedes(SystemCall other) => Ended < other.Begun;

    public override string ToString() => $"{Thread} {Name}({Arguments}) = {Result}";

    private static string Between(string text, char left, char right)
    {
        int from = text.IndexOf(left, StringComparison.Ordinal) + 1;
        int to = from > 0 ? text.IndexOf(right, from) : -1;
        return to > 0 ? text[from..to] : "";
    }
}
