using System.Diagnostics;

namespace Larder.Tests.Durability;

/// <summary>Programs of the machine that tests need: mount and its like.</summary>
internal static class Tool
{
    /// <summary>Runs one to its end. Returns what it wrote.</summary>
    /// <exception cref="InvalidOperationException">It failed, or is not there.</exception>
    public static string Run(string program, params string[] arguments) =>
        TryRun(out string output, program, arguments) ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {output}");

    /// <summary>The same, for those that may fail.</summary>
    public static bool TryRun(out string output, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            output = missing.Message;
            return false;
        }
    }
}
