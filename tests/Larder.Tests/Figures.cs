namespace Larder.Tests;

/// <summary>Figures that a test run reports besides its verdict: how many histories, how much overlap. <c>test.sh</c> prints them.</summary>
internal static class Figures
{
    private static readonly Lock _gate = new();

    /// <summary>Adds a line to the file that <c>LARDER_FIGURES</c> names, and to the console.</summary>
    internal static void Print(string figure)
    {
        string line = $"figure: {figure}";
        Console.WriteLine(line);
        if (Environment.GetEnvironmentVariable("LARDER_FIGURES") is { Length: > 0 } file)
        {
            lock (_gate)
            {
                File.AppendAllText(file, line + Environment.NewLine);
            }
        }
    }
}
