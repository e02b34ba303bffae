using System.Diagnostics;
using System.Runtime.InteropServices;
using Larder.Cli.Commands;

namespace Larder.Cli.Tour;

/// <summary>Starts <see cref="WriterCommand"/> as a process, listens, and kills it.</summary>
internal static class WriterProcess
{
    /// <summary>So many acknowledgements are enough.</summary>
    private const int Enough = 3_000;

    /// <summary>On a slow disk there may be fewer.</summary>
    private static readonly TimeSpan _longEnough = TimeSpan.FromMilliseconds(700);

    /// <summary>A process that says nothing for so long is stuck.</summary>
    private static readonly TimeSpan _tooLong = TimeSpan.FromSeconds(60);

    /// <summary>What the process said up to its end.</summary>
    internal sealed record Told(List<Acknowledgement> Acknowledged, long Flushed, bool WasKilled);

    public static Told RunAndKill(string path, DurabilityMode mode)
    {
        // The command may run as 'dotnet Larder.Cli.dll', as a tool, or within another program: the library and the runtime are known in each case.
        string host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        var start = new ProcessStartInfo(host, [typeof(WriterProcess).Assembly.Location, WriterCommand.CommandName, "--path", path, "--durability", DurabilityOption.NameOf(mode)])
        {
            RedirectStandardInput = true, // never written to; its end tells the process that the tour is gone
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("the process that is to be killed did not start.");
        using ITimer guard = TimeProvider.System.CreateTimer(_ => process.Kill(), null, _tooLong, Timeout.InfiniteTimeSpan);
        var acknowledged = new List<Acknowledgement>();
        long flushed = 0;
        long first = 0;
        bool killed = false;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            flushed = WriterCommand.Flushed(line) ?? flushed;
            if (WriterCommand.Acknowledged(line) is { } acknowledgement)
            {
                acknowledged.Add(acknowledgement);
            }

            // What was said before the end is read to the end: it was acknowledged as well.
            first = first == 0 ? Stopwatch.GetTimestamp() : first;
            if (!killed && flushed > 0 && (acknowledged.Count >= Enough || Stopwatch.GetElapsedTime(first) > _longEnough))
            {
                killed = true;
                process.Kill();
            }
        }

        process.WaitForExit();
        return new Told(acknowledged, flushed, killed && process.ExitCode != ExitCode.Ok);
    }
}
