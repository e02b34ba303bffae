using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Larder.NostrMls;

/// <summary>A proposal in the queue of a group; the caller's, to be disposed of.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="Body">The proposal.</param>
[DebuggerDisplay("QueuedProposal(redacted)")]
[SuppressMessage("Performance", "CA1819", Justification = "A copy of opaque bytes.")]
public sealed record QueuedProposal(byte[] Reference, SecretBytes Body) : IDisposable
{
    /// <summary>Zeroes the body.</summary>
    public void Dispose() => Body?.Dispose();

    /// <summary>Says what it is, and nothing of it.</summary>
    public override string ToString() => "QueuedProposal(redacted)";
}
