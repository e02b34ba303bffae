using System.Diagnostics;
using System.Text.Json.Serialization;
using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>A secret that may be written to JSON, as lower-case hex, because somebody said so: <see cref="SecretBytes.ExportPlaintext"/>. What the writer buffers is not zeroed.</summary>
[DebuggerDisplay("PlaintextSecret(redacted)")]
[JsonConverter(typeof(PlaintextSecretJson))]
public sealed class PlaintextSecret
{
    internal PlaintextSecret(SecretBytes secret) => Secret = secret;

    internal SecretBytes Secret { get; }

    /// <summary>Says what it is, and nothing of its bytes.</summary>
    public override string ToString() => "PlaintextSecret(redacted)";
}
