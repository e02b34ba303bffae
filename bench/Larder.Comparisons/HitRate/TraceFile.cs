using System.Text.Json;

namespace Larder.Comparisons.HitRate;

/// <summary>
/// One line of a <c>manifest.json</c>: a trace and the capacities to replay it at. <see cref="KnownLru"/> and <see cref="KnownOpt"/> are
/// hit rates in percent that somebody else has found at these capacities; the replay must find the same.
/// </summary>
internal sealed record TraceFile(
    string Name, string File, string Family, string Kind, long Accesses, long[] Capacities, bool HasSizes, long[]? ByteCapacities, double[]? KnownLru, double[]? KnownOpt)
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNameCaseInsensitive = true };

    /// <summary>Taken from life, not made up.</summary>
    public bool IsReal => Kind == "real";

    /// <exception cref="ArgumentException">There is no manifest, or it is none.</exception>
    public static IReadOnlyList<TraceFile> In(string directory)
    {
        string manifest = Path.Combine(directory, "manifest.json");
        try
        {
            return JsonSerializer.Deserialize<TraceFile[]>(System.IO.File.ReadAllText(manifest), _json)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ArgumentException($"no list of traces: {e.Message}", e);
        }
    }

    public Trace Read(string directory) => Trace.Read(Path.Combine(directory, File));
}
