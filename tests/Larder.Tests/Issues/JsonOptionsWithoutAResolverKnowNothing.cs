using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>The plainest use of the constructor over options fails, and what the options say of the text's form is ignored.</summary>
public sealed class JsonOptionsWithoutAResolverKnowNothing
{
    private sealed record Profile(string Name);

    [Fact]
    public void Options_as_everybody_makes_them_work()
    {
        using var store = new Store(new StoreOptions { Serializer = new JsonValueSerializer(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase }) });
        store.Set("k", new Profile("Alice"));
        Assert.True(store.TryGet("k", out Profile? _));
    }

    [Fact]
    public void The_encoder_of_the_options_is_used()
    {
        var options = new JsonSerializerOptions(JsonSerializerOptions.Default) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using var store = new Store(new StoreOptions { Serializer = new JsonValueSerializer(options) });
        store.Set("k", new Profile("Zoë"));
        Assert.True(store.TryGet("k", out Entry entry));
        Assert.Equal("""{"Name":"Zoë"}""", Encoding.UTF8.GetString(entry.Value.Span));
    }
}
