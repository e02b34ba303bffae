using System.Globalization;

namespace Larder.Durability;

internal enum FileKind
{
    Segment,
    Checkpoint,
}

/// <summary>The names of a store's files. None is ever made from a key; a name that is not one of these is none of our business.</summary>
internal static class FileName
{
    internal const string Lock = "LOCK";

    private const int Digits = 16;
    private const string Temporary = ".tmp";

    internal static string Of(FileKind kind, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix(kind)}{number:x16}{Extension(kind)}");

    /// <summary>What a file is called until it is whole and on stable storage.</summary>
    internal static string TemporaryOf(FileKind kind, long number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix(kind)}{number:x16}{Temporary}");

    /// <summary>Where the bytes behind the last whole record of a segment are kept.</summary>
    internal static string TornOf(long number, long offset) => string.Create(CultureInfo.InvariantCulture, $"torn-{number:x16}-{offset:x}.bin");

    internal static bool IsTemporary(string name) =>
        TryParse(name, Prefix(FileKind.Checkpoint), Temporary, out _) || TryParse(name, Prefix(FileKind.Segment), Temporary, out _);

    internal static bool IsTorn(string name) => name.StartsWith("torn-", StringComparison.Ordinal) && name.EndsWith(".bin", StringComparison.Ordinal);

    internal static bool TryParse(string name, out FileKind kind, out long number)
    {
        kind = name.StartsWith(Prefix(FileKind.Segment), StringComparison.Ordinal) ? FileKind.Segment : FileKind.Checkpoint;
        return TryParse(name, Prefix(kind), Extension(kind), out number);
    }

    private static string Prefix(FileKind kind) => kind == FileKind.Segment ? "wal-" : "snap-";

    private static string Extension(FileKind kind) => kind == FileKind.Segment ? ".log" : ".snp";

    private static bool TryParse(string name, string prefix, string extension, out long number)
    {
        number = 0;
        return name.Length == prefix.Length + Digits + extension.Length
            && name.StartsWith(prefix, StringComparison.Ordinal)
            && name.EndsWith(extension, StringComparison.Ordinal)
            && !name.AsSpan(prefix.Length, Digits).ContainsAnyInRange('A', 'F')
            && long.TryParse(name.AsSpan(prefix.Length, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            && number > 0;
    }
}
