using System.Reflection;
using System.Runtime.InteropServices;

namespace Larder.Primitives;

/// <summary>The C library of the system, by a name that works everywhere.</summary>
internal static class Libc
{
    /// <summary>What imports name. Who imports from it calls <see cref="Load"/> before the first call.</summary>
    internal const string Name = "larder-libc";

    private static readonly string[] _candidates = ["libc.so.6", "libSystem.dylib", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];

    // Not plain "libc": where development files are installed, that finds a text for the linker.
    static Libc() => NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), static (name, assembly, path) =>
    {
        nint handle = 0;
        _ = name == Name && Array.Exists(_candidates, candidate => NativeLibrary.TryLoad(candidate, assembly, path, out handle));
        return handle;
    });

    internal static void Load()
    {
    }
}
