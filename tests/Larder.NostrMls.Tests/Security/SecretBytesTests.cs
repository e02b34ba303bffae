using System.Text.Json;
using Larder.NostrMls.Tests.Contract;
using Xunit;

namespace Larder.NostrMls.Tests.Security;

/// <summary>Secrets as values: written only by who means it, compared by what they hold.</summary>
public sealed class SecretBytesTests
{
    [Fact]
    public void A_secret_is_not_written_to_json_unless_somebody_means_it()
    {
        using SecretBytes secret = Some.Secret(1);

        Assert.ThrowsAny<Exception>(() => JsonSerializer.Serialize(secret));
        Assert.ThrowsAny<Exception>(() => JsonSerializer.Serialize(Some.Group(1) with { ImageKey = secret }));
        Assert.ThrowsAny<Exception>(() => JsonSerializer.Serialize(new { Some.Exporter(1, 1).Secret }));
        string json = JsonSerializer.Serialize(secret.ExportPlaintext());
        Assert.Equal($"\"{Convert.ToHexStringLower(secret.Span)}\"", json);
        Assert.Equal(secret, JsonSerializer.Deserialize<SecretBytes>(json));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<SecretBytes>("\"0G\""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<SecretBytes>("12"));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<PlaintextSecret>("\"00\""));
    }

    [Fact]
    public void Secrets_are_compared_by_what_they_hold()
    {
        SecretBytes one = Some.Secret(1);
        Assert.Equal(one, Some.Secret(1));
        Assert.NotEqual(one, Some.Secret(2));
        Assert.NotEqual(one, Some.Secret(1, 31));
        Assert.Equal(one.GetHashCode(), Some.Secret(2).GetHashCode());   // a hash would tell about them
        one.Dispose();
        one.Dispose();
        Assert.True(one.IsDisposed);
        Assert.Equal(32, one.Length);
        Assert.NotEqual(one, Some.Secret(1));
        Assert.Equal(one, one);
        Assert.Throws<ObjectDisposedException>(() => one.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => one.CopyTo(new byte[32]));
        Assert.Throws<ObjectDisposedException>(one.Clone);
    }
}
