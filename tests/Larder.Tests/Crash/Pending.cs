namespace Larder.Tests.Crash;

/// <summary>What of an operation may or may not have reached the disk when it crashes, each piece for itself.</summary>
internal enum PendingKind : byte
{
    Data,
    Length,
    Create,
    Rename,
    Delete,
}

/// <summary>One such piece. Of those for one sector, or for the length of one file, the last that is present counts.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="File">The file.</param>
/// <param name="Number">The sector, or the length.</param>
/// <param name="Content">The whole sector as it was after the operation: pages are written whole, so an older write comes with a later one.</param>
/// <param name="Name">The name that comes or goes.</param>
/// <param name="To">The new name.</param>
internal readonly record struct Pending(PendingKind Kind, int File, int Number = 0, byte[]? Content = null, string Name = "", string To = "")
{
    public bool IsName => Kind >= PendingKind.Create;
}
