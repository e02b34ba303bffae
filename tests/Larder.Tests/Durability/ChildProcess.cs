using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Larder.Tests.Child;
using Larder.Tests.Shape;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>
/// The program of <c>Larder.Tests.Child</c> in a process of its own. A thread takes in what it says, so that it never waits for us; what it
/// said is there to be read at any moment, also after its death.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);
    private static readonly string _program = FindProgram();

    private readonly object _gate = new();
    private readonly List<Sign> _signs = [];
    private readonly StringBuilder _errors = new();
    private readonly Process _process;
    private readonly Thread _reader;
    private bool _ended;
    private int _questions;

    /// <param name="command">Its command and arguments.</param>
    /// <param name="under">A program and its arguments that is to run it, such as a tracer.</param>
    /// <param name="environment">What its environment has besides ours.</param>
    public ChildProcess(IEnumerable<string> command, IEnumerable<string>? under = null, params (string Name, string Value)[] environment)
    {
        string[] words = [.. under ?? [], Host, "exec", _program, .. command];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginErrorReadLine();
        _reader = new Thread(TakeIn) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>What it said so far.</summary>
    public Sign[] Signs
    {
        get
        {
            lock (_gate)
            {
                return [.. _signs];
            }
        }
    }

    /// <summary>What it wrote to its standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_gate)
            {
                return _errors.ToString();
            }
        }
    }

    public int Id => _process.Id;

    private static string Host =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>Waits until it has said so many things of this kind, or has ended. Returns whether it did say them.</summary>
    public bool WaitFor(SignKind kind, int count = 1)
    {
        long deadline = Stopwatch.GetTimestamp() + (long)(_patience.TotalSeconds * Stopwatch.Frequency);
        lock (_gate)
        {
            int seen = 0;
            for (int at = 0; ; at++)
            {
                while (at == _signs.Count)
                {
                    if (_ended)
                    {
                        return false;
                    }

                    TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline);
                    if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                    {
                        throw new TimeoutException($"the child said no {kind} for the {count}th time; it said {_signs.Count} things, and on its standard error: {_errors}");
                    }
                }

                if (_signs[at].Kind == kind && ++seen >= count)
                {
                    return true;
                }
            }
        }
    }

    /// <summary>What it said up to now, also what is still on its way to us.</summary>
    public Sign[] SignsNow()
    {
        _questions++;
        _process.StandardInput.BaseStream.WriteByte(0);
        _process.StandardInput.BaseStream.Flush();
        Assert.True(WaitFor(SignKind.Answer, _questions), Errors);
        return Signs;
    }

    /// <summary>Ends it as the kernel does when memory runs out, and returns when it is gone and all that it said is here.</summary>
    public void Kill()
    {
        _process.Kill();
        WaitForEnd();
    }

    /// <summary>Lets a child go that waits for the end of its standard input.</summary>
    public int Release()
    {
        _process.StandardInput.Close();
        return WaitForEnd();
    }

    /// <summary>Waits until it has ended by itself. Returns its exit code.</summary>
    public int WaitForEnd()
    {
        if (!_process.WaitForExit(_patience) || !_reader.Join(_patience))
        {
            throw new TimeoutException($"the child does not end; on its standard error: {Errors}");
        }

        _process.WaitForExit();   // the standard error too is here then
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        WaitForEnd();
        _process.Dispose();
    }

    /// <summary>Its own build, not the copy beside the tests: that one may be instrumented to measure coverage.</summary>
    private static string FindProgram()
    {
        string[] output = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^2..];
        return Path.Combine([Source.Root, "tests", "Larder.Tests.Child", "bin", .. output, "Larder.Tests.Child.dll"]);
    }

    private void TakeIn()
    {
        Stream from = _process.StandardOutput.BaseStream;
        byte[] bytes = new byte[Sign.Size * 1024];
        int have = 0;
        while (from.Read(bytes, have, bytes.Length - have) is > 0 and int read)
        {
            have += read;
            ReadOnlySpan<Sign> whole = MemoryMarshal.Cast<byte, Sign>(bytes.AsSpan(0, have - (have % Sign.Size)));
            lock (_gate)
            {
                _signs.AddRange(whole);
                Monitor.PulseAll(_gate);
            }

            bytes.AsSpan(have - (have % Sign.Size), have % Sign.Size).CopyTo(bytes);
            have %= Sign.Size;
        }

        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Note(string? line)
    {
        lock (_gate)
        {
            if (line is not null && _errors.Length < 20_000)
            {
                _errors.AppendLine(line);
            }
        }
    }
}
