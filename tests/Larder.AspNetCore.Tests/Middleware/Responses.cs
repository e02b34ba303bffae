using System.Net;
using System.Text.Json;
using Xunit;

namespace Larder.AspNetCore.Tests.Middleware;

/// <summary>What tests look at in a response.</summary>
internal static class Responses
{
    /// <summary>A header's values as they came; null when there is none.</summary>
    internal static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    /// <summary>Asserts that the guard has refused, and why.</summary>
    internal static async Task RefusedAsync(this HttpResponseMessage response, HttpStatusCode status, string reason)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {body}");
        Assert.Equal(reason, JsonDocument.Parse(body).RootElement.GetProperty("reason").GetString());
    }
}
