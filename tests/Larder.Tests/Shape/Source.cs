using System.Reflection;

namespace Larder.Tests.Shape;

/// <summary>The repository and the library as the tests of its shape see them.</summary>
internal static class Source
{
    internal static readonly Assembly Library = typeof(Store).Assembly;

    /// <summary>Found from where the tests run: paths that the compiler knows are mapped away in a build for release.</summary>
    internal static readonly string Root = Ancestors().First(folder => File.Exists(Path.Combine(folder, "Larder.slnx")));

    /// <summary>The source files of the library with their paths from <c>src/Larder</c>, separated by slashes.</summary>
    internal static IEnumerable<(string Path, string[] Lines)> Files()
    {
        string core = Path.Combine(Root, "src", "Larder");
        foreach (string file in Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string path = Path.GetRelativePath(core, file).Replace('\\', '/');
            if (!path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
            {
                yield return (path, File.ReadAllLines(file));
            }
        }
    }

    private static IEnumerable<string> Ancestors()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }
}
