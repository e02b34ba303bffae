namespace Larder.Tests.Durability;

/// <summary>A small disk in memory, to fill; it can be made larger.</summary>
internal sealed class MemoryDisk : IDisposable
{
    public MemoryDisk(string path, int megabytes)
    {
        Path = path;
        Directory.CreateDirectory(path);
        Tool.Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path);
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    public void Resize(int megabytes) => Tool.Run("mount", "-o", $"remount,size={megabytes}m", Path);

    public void Dispose() => Tool.Run("umount", Path);
}
