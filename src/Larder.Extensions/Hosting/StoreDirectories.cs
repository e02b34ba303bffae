using Microsoft.Extensions.Options;

namespace Larder.Extensions.Hosting;

/// <summary>
/// Which store of a container has which directory, so that a second one is told when the host starts, and by name. What this cannot see, such as links
/// and other processes, the lock of the directory itself refuses when the store is opened.
/// </summary>
internal sealed class StoreDirectories
{
    private readonly Lock _gate = new();   // guards the map; nothing else is taken inside
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);

    /// <summary>Takes a directory for a store; null when it has it now, else who has it.</summary>
    internal string? Claim(string store, string path)
    {
        string directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        lock (_gate)
        {
            return _owners.TryAdd(directory, store) || _owners[directory] == store ? null : Named(_owners[directory]);
        }
    }

    private static string Named(string store) => store == Options.DefaultName ? "the store without a name" : $"the store '{store}'";
}
