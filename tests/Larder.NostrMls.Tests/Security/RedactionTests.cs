using System.Reflection;
using System.Text.Json;
using Larder.NostrMls.Tests.Contract;
using Xunit;

namespace Larder.NostrMls.Tests.Security;

/// <summary>No text shows an identity, a name, content or a secret, unless somebody asks for exactly that.</summary>
public sealed class RedactionTests
{
    [Fact]
    public void Texts_of_records_and_values_show_nothing()
    {
        object[] all =
        [
            Some.GroupId(1), Some.NostrId(1), Some.Event(1), Some.Key(1), new ImageHash(new byte[32]), Some.Secret(1), Some.Secret(1).ExportPlaintext(), Some.Unsigned(1), new Tags([["secret"]]),
            Some.Group(1) with { Name = "secret", ImageKey = Some.Secret(1) }, Some.Message(1, 1, content: "secret"), Some.Processed(1), Some.Welcome(1), Some.ProcessedWelcome(1), Some.Exporter(1, 1),
            new GroupRelay(Some.Relay(1), Some.GroupId(1)), new SnapshotInfo("secret", default), new QueuedProposal([1], Some.Secret(1)), new MlsEviction(MlsEvicted.Group, MlsEvictionReason.CacheSize, Some.GroupId(1), Some.Event(1)),
        ];
        foreach (object value in all)
        {
            string text = value.ToString()!;
            Assert.StartsWith(value.GetType().Name, text, StringComparison.Ordinal);
            Assert.Matches(@"^\w+\((redacted|\d+|Group, CacheSize)\)$", text);
            var display = value.GetType().GetCustomAttribute<System.Diagnostics.DebuggerDisplayAttribute>();
            Assert.NotNull(display);
            Assert.DoesNotContain("{Id}", display.Value, StringComparison.Ordinal);
        }
    }

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
