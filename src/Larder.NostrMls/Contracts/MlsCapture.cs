using System.Diagnostics;
using Larder.NostrMls.State;

namespace Larder.NostrMls;

/// <summary>
/// A copy of everything a store held but its snapshots, made by <see cref="IMlsOperations.CaptureAll"/>. It holds secrets: dispose of it when it is no longer needed.
/// It is restored to the store it was made from, or to another.
/// </summary>
[DebuggerDisplay("MlsCapture(redacted)")]
public sealed class MlsCapture : IDisposable
{
    private CapturedState? _captured;

    internal MlsCapture(CapturedState captured) => _captured = captured;

    internal CapturedState Captured => _captured ?? throw new ObjectDisposedException(nameof(MlsCapture));

    /// <summary>Zeroes its secrets. It cannot be restored afterwards.</summary>
    public void Dispose() => Interlocked.Exchange(ref _captured, null)?.Dispose();

    /// <summary>Says what it is, and nothing of it.</summary>
    public override string ToString() => "MlsCapture(redacted)";
}
