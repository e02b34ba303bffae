namespace Larder.Tests.Durability;

/// <summary>A directory for one test, gone with it.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("larder-test-").FullName;

    /// <summary>The path of something in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Copies the files of a directory, with nothing below it, and returns the copy's path.</summary>
    public string Copy(string from, string to)
    {
        Directory.CreateDirectory(this[to]);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, System.IO.Path.Combine(this[to], System.IO.Path.GetFileName(file)));
        }

        return this[to];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
