using Xunit;

namespace Larder.Tests.Durability;

/// <summary>
/// Tests on real files, with processes that are killed and disks that are pulled. One at a time: each wants the machine's disk for itself.
/// </summary>
[CollectionDefinition(nameof(RealFiles))]
public sealed class RealFiles
{
    /// <summary>Whether the long suites are wanted.</summary>
    internal static bool IsSlow => Environment.GetEnvironmentVariable("LARDER_SLOW") == "1";
}
