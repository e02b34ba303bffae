namespace Larder.NostrMls.Tests.Model;

/// <summary>Where stores under test come from.</summary>
internal interface IHost : IDisposable
{
    /// <summary>Whether a store that is opened again holds what it held.</summary>
    bool IsPersistent { get; }

    IMlsProtocolStore Open(MlsStoreOptions options);
}

/// <summary>A store in a directory, where there is one in memory: what is tried here is what it holds, and the disk only costs time.</summary>
internal sealed class DurableHost : IHost
{
    private const string MemoryFiles = "/dev/shm";

    private static readonly byte[] _key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly DirectoryInfo _directory = Directory.Exists(MemoryFiles)
        ? Directory.CreateDirectory(Path.Combine(MemoryFiles, $"larder-{Guid.NewGuid():N}"))
        : Directory.CreateTempSubdirectory("larder-");

    public bool IsPersistent => true;

    public IMlsProtocolStore Open(MlsStoreOptions options) => NostrMlsStore.Open(_directory.FullName, _key, options);

    public void Dispose() => _directory.Delete(recursive: true);
}

internal sealed class MemoryHost : IHost
{
    public bool IsPersistent => false;

    public IMlsProtocolStore Open(MlsStoreOptions options) => new NostrMlsStore(options);

    public void Dispose()
    {
    }
}
