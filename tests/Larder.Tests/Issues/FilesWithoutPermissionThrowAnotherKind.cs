using Larder.Durability;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// Files promise an <see cref="IOException"/>; the base class library throws <see cref="UnauthorizedAccessException"/>, which is none, where permission is missing. So a
/// segment that could not be created poisoned a log that had room left, and opening threw what it does not document.
/// </summary>
public sealed class FilesWithoutPermissionThrowAnotherKind : IDisposable
{
    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void What_the_system_does_not_allow_is_an_input_output_error()
    {
        Directory.CreateDirectory(_scratch.Under("directory"));   // opened or removed like a file, it is refused in the same way, to everybody
        using var files = DiskFiles.At(_scratch.Path, creates: false);
        Assert.ThrowsAny<IOException>(() => files.Open("directory"));
        Assert.ThrowsAny<IOException>(() => files.Delete("directory"));
    }
}
