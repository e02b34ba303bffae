using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Larder.Comparisons.Reporting;

/// <summary>Where figures come from, without which they are worth little.</summary>
internal static class Machine
{
    private static readonly string[] _peers = ["Microsoft.Extensions.Caching.Memory", "Microsoft.FASTER.Core"];

    public static IEnumerable<(string What, string Value)> Describe()
    {
        yield return ("processor", $"{Proc("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores");
        yield return ("memory", Memory());
        string system = Proc("/etc/os-release", "PRETTY_NAME").Trim('"');
        yield return ("system", $"{system}, kernel {Environment.OSVersion.Version}, {RuntimeInformation.ProcessArchitecture}");
        yield return ("load when it began", File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown");
        string collector = GCSettings.IsServerGC ? "server" : "workstation";
        yield return ("runtime", $"{RuntimeInformation.FrameworkDescription}, {collector} collector, tiered compilation with dynamic PGO");
        yield return ("peers", string.Join(", ", Packages().Where(p => _peers.Contains(p.Split(' ')[0]))));
    }

    private static string Memory()
    {
        string total = Proc("/proc/meminfo", "MemTotal").Split(' ')[0];
        return long.TryParse(total, CultureInfo.InvariantCulture, out long kib) ? $"{kib >> 20} GiB" : total;
    }

    private static string Proc(string file, string field)
    {
        if (File.Exists(file))
        {
            foreach (string line in File.ReadLines(file))
            {
                int separator = line.AsSpan().IndexOfAny(':', '=');
                if (separator > 0 && line.AsSpan(0, separator).Trim().SequenceEqual(field))
                {
                    return line[(separator + 1)..].Trim();
                }
            }
        }

        return "unknown";
    }

    /// <summary>Name and version of what this program was built with, because assemblies do not always tell.</summary>
    private static IEnumerable<string> Packages()
    {
        string file = Path.ChangeExtension(typeof(Machine).Assembly.Location, ".deps.json");
        using JsonDocument built = JsonDocument.Parse(File.ReadAllText(file));
        return [.. built.RootElement.GetProperty("libraries").EnumerateObject().Select(l => l.Name.Replace('/', ' '))];
    }
}
