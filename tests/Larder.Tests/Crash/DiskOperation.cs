using System.Globalization;

namespace Larder.Tests.Crash;

/// <summary>What a process can do to a disk.</summary>
internal enum DiskVerb : byte
{
    Create,
    Write,
    Allocate,
    Truncate,
    Sync,
    FailSync,
    Rename,
    Delete,
    SyncDirectory,
}

/// <summary>One operation as the disk saw it.</summary>
/// <param name="Verb">What was done.</param>
/// <param name="File">The file, by the number it has on the disk; names come and go.</param>
/// <param name="Name">The name concerned; of a file, the one under which it was opened.</param>
/// <param name="To">The new name of a renamed file.</param>
/// <param name="Offset">Where a write begins; the length of an allocation or a cut.</param>
/// <param name="Data">What was written.</param>
internal readonly record struct DiskOperation(DiskVerb Verb, int File, string Name, string To = "", long Offset = 0, byte[]? Data = null)
{
    public override string ToString() => Verb switch
    {
        DiskVerb.Write => string.Create(CultureInfo.InvariantCulture, $"write {Name} {Offset}+{Data!.Length}"),
        DiskVerb.Allocate => string.Create(CultureInfo.InvariantCulture, $"allocate {Name} up to {Offset}"),
        DiskVerb.Truncate => string.Create(CultureInfo.InvariantCulture, $"truncate {Name} to {Offset}"),
        DiskVerb.Rename => $"rename {Name} to {To}",
        DiskVerb.SyncDirectory => "sync the directory",
        DiskVerb.FailSync => $"sync {Name}, which fails",
        _ => $"{Verb.ToString().ToLowerInvariant()} {Name}",
    };
}
