using System.Diagnostics;

namespace Larder.NostrMls;

/// <summary>A secret that the MLS exporter derived for one epoch of a group. Its identity is (group, epoch, label). What a store returns is the caller's, to be disposed of.</summary>
[DebuggerDisplay("ExporterSecret(redacted)")]
public sealed record ExporterSecret : IDisposable
{
    /// <summary>How many bytes a secret has: 32.</summary>
    public const int Size = 32;

    /// <summary>The group.</summary>
    public required MlsGroupId MlsGroupId { get; init; }

    /// <summary>The epoch.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>What it is for.</summary>
    public required ExporterLabel Label { get; init; }

    /// <summary>The secret: 32 bytes.</summary>
    public required SecretBytes Secret { get; init; }

    /// <summary>Zeroes the secret.</summary>
    public void Dispose() => Secret?.Dispose();

    /// <summary>Says what it is, and nothing of it.</summary>
    public override string ToString() => "ExporterSecret(redacted)";
}
