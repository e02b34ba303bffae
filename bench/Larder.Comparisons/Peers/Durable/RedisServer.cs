using System.Diagnostics;

namespace Larder.Comparisons.Peers.Durable;

/// <summary>
/// A Redis of our own: the distribution's server with an append-only file in a given directory, reachable through a socket in the
/// file system only. It dies with its owner, without a word of warning, as in a crash: its files are thrown away or measured next.
/// </summary>
internal sealed class RedisServer : IDisposable
{
    private const string Ready = "ready to accept connections";

    private readonly Process _process;
    private readonly string _sockets = Directory.CreateTempSubdirectory("larder-redis-").FullName;

    /// <param name="directory">Where its files are, or will be.</param>
    /// <param name="settings">Settings and values, after those that make it a server for us alone.</param>
    public RedisServer(string directory, params ReadOnlySpan<string> settings)
    {
        Directory.CreateDirectory(directory);
        Socket = Path.Combine(_sockets, "redis");   // a socket's path must be short, the directory's may be long
        string[] always = ["--port", "0", "--unixsocket", Socket, "--dir", directory, "--appendonly", "yes", "--save", "", "--daemonize", "no"];
        string[] command = [.. Leashed, Executable!, .. always, .. settings];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException($"Redis did not start in '{directory}'"));
            }
            else if (line.Data.Contains(Ready, StringComparison.OrdinalIgnoreCase))
            {
                ready.TrySetResult();
            }
        };
        _process.Start();
        AppDomain.CurrentDomain.ProcessExit += Stop;
        _process.BeginOutputReadLine();
        ready.Task.GetAwaiter().GetResult();
    }

    /// <summary>Where the server's program is; null when the system has none.</summary>
    public static string? Executable { get; } = Find("redis-server");

    public string Socket { get; }

    /// <summary>What makes the kernel kill the server when this program dies in whatever way, where the system has it.</summary>
    private static string[] Leashed => Find("setpriv") is { } program ? [program, "--pdeathsig", "KILL"] : [];

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static string Version()
    {
        using Process asked = Process.Start(new ProcessStartInfo(Executable!, ["--version"]) { RedirectStandardOutput = true })!;
        string[] words = asked.StandardOutput.ReadToEnd().Split(' ');   // Redis server v=7.0.15 sha=…
        asked.WaitForExit();
        return words.FirstOrDefault(w => w.StartsWith("v=", StringComparison.Ordinal))?[2..] ?? "of an unknown version";
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Stop;
        Stop(this, EventArgs.Empty);
        _process.Dispose();
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(d => Path.Combine(d, program)).FirstOrDefault(File.Exists);

    private void Stop(object? sender, EventArgs e)
    {
        _process.Kill();
        _process.WaitForExit();
        Directory.Delete(_sockets, recursive: true);
    }
}
