using System.Globalization;
using System.Text.RegularExpressions;

namespace Larder.Tests.Durability;

/// <summary>What a child asked of the system, call by call, as strace writes it down.</summary>
internal sealed partial class Trace
{
    private Trace(List<SystemCall> calls) => Calls = calls;

    public IReadOnlyList<SystemCall> Calls { get; }

    /// <summary>The words that make strace run what follows.</summary>
    /// <param name="file">Where it writes.</param>
    /// <param name="injections">What it is to falsify, such as <c>fdatasync:error=EIO:when=3</c>.</param>
    public static string[] Words(string file, params string[] injections) =>
    [
        "strace", "-f", "-y", "-qq", "-s", "256", "-o", file,
        "-e", "trace=openat,close,pwrite64,pwritev,write,pread64,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,unlink,unlinkat,ftruncate,fallocate,mkdir,mkdirat,flock,fcntl",
        .. injections.SelectMany(injection => new[] { "-e", $"inject={injection}" }),
    ];

    public static Trace Read(string file)
    {
        List<SystemCall> calls = [];
        Dictionary<int, (string Text, int Begun)> unfinished = [];
        int at = 0;
        foreach (string line in File.ReadLines(file))
        {
            at++;
            Match words = Line().Match(line);
            if (!words.Success)
            {
                continue;
            }

            int thread = int.Parse(words.Groups["thread"].ValueSpan, CultureInfo.InvariantCulture);
            string text = words.Groups["text"].Value;
            int begun = at;
            if (text.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                unfinished[thread] = (text[..^Unfinished.Length], at);
                continue;
            }

            if (Resumed().Match(text) is { Success: true } rest && unfinished.Remove(thread, out (string Text, int Begun) first))
            {
                (text, begun) = (first.Text + text[rest.Length..], first.Begun);
            }

            if (Call().Match(text) is { Success: true } call)
            {
                string error = call.Groups["error"].Value;
                calls.Add(new SystemCall(thread, call.Groups["name"].Value, call.Groups["arguments"].Value, call.Groups["result"].Value, error, begun, at));
            }
        }

        return new Trace(calls);
    }

    private const string Unfinished = " <unfinished ...>";

    [GeneratedRegex(@"^(?<thread>\d+)\s+(?<text>.*)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>\s?")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(?<name>\w+)\((?<arguments>.*)\)\s+= (?<result>-?\w+(?:<[^>]*>)?)(?: (?<error>E[A-Z]+))?")]
    private static partial Regex Call();
}
