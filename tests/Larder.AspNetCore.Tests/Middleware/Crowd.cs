using System.Net;

namespace Larder.AspNetCore.Tests.Middleware;

/// <summary>Clients that ask at the same time, each over a connection of its own.</summary>
internal static class Crowd
{
    internal static async Task<HttpStatusCode[]> AskAsync(GuardedSite site, int clients, int requests)
    {
        var answers = new HttpStatusCode[requests];
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            for (int i = Interlocked.Increment(ref next); i < requests; i = Interlocked.Increment(ref next))
            {
                using HttpResponseMessage response = await site.GetAsync("/orders?page=2");
                answers[i] = response.StatusCode;
            }
        })));
        return answers;
    }
}
