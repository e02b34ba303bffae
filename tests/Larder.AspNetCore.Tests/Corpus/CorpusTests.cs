using System.Net;
using System.Text.Json;
using Larder.AspNetCore.Tests.Middleware;
using Larder.Tests;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Larder.AspNetCore.Tests.Corpus;

/// <summary>Every request of the corpus, sent over the wire to a server behind a guard with default options, each from a client of its own.</summary>
public sealed class CorpusTests
{
    [Fact]
    public async Task No_ordinary_request_is_refused()
    {
        List<CorpusRequest> requests = CorpusRequest.Read("ordinary.http");

        List<(CorpusRequest Request, int Status, string? Reason)> answers = await AskAsync(requests);

        string[] refused = [.. answers.Where(answer => answer.Status != 200).Select(answer => $"{answer.Request}: {answer.Status} {answer.Reason}")];
        Figures.Print($"web guard: {refused.Length} of {requests.Count} ordinary requests refused");
        Assert.True(refused.Length == 0, string.Join('\n', refused));
        Assert.True(requests.Count >= 300, $"{requests.Count}");
        Assert.Equal(requests.Count, requests.Select(request => request.OnTheWire()).Distinct().Count());
    }

    [Fact]
    public async Task Attacks_are_caught_where_the_list_says_and_what_is_not_caught_is_listed()
    {
        List<CorpusRequest> requests = CorpusRequest.Read("attacks.http");

        List<(CorpusRequest Request, int Status, string? Reason)> answers = await AskAsync(requests);

        string[] wrong = [.. answers.Where(answer => Expected(answer.Request) != answer.Reason).Select(answer => $"{answer.Request}: {answer.Status} {answer.Reason}, but the list says '{answer.Request.Remark}'")];
        int caught = answers.Count(answer => answer.Reason is not null);
        Figures.Print($"web guard: {caught} of {requests.Count} attacks caught, {requests.Count - caught} missed and listed");
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.True(caught >= 120, $"{caught}");
    }

    [Fact]
    public async Task Attacks_are_caught_by_the_rules_that_the_list_names()
    {
        CorpusRequest[] requests = [.. CorpusRequest.Read("attacks.http").Where(request => Expected(request) is not null)];
        await using GuardedSite site = await StartAsync(options => options.Penetration.DetectOnly = true);
        await using RawConnection connection = await RawConnection.OpenAsync(site.Address);
        var wrong = new List<string>();
        foreach (CorpusRequest request in requests)
        {
            (int status, _) = await connection.AskAsync(request);
            string? told = site.Log.LastOrDefault();
            site.Log.Clear();
            if (status != 200 || told?.Contains($"({request.Remark[(request.Remark.IndexOf(':', StringComparison.Ordinal) + 2)..]}", StringComparison.Ordinal) != true)
            {
                wrong.Add($"{request}: {status} {told}, but the list says '{request.Remark}'");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>The remark above an attack is <c>place: rule</c>, or <c>missed: why</c>.</summary>
    private static string? Expected(CorpusRequest request) => request.Remark.Split(':')[0] switch
    {
        "path" => "Suspicious path detected",
        "query" => "Suspicious query parameter detected",
        "header" => "Suspicious header detected",
        "missed" => null,
        _ => throw new InvalidDataException($"nothing is said about {request}"),
    };

    private static async Task<List<(CorpusRequest, int, string?)>> AskAsync(List<CorpusRequest> requests)
    {
        await using GuardedSite site = await StartAsync();
        await using RawConnection connection = await RawConnection.OpenAsync(site.Address);
        var answers = new List<(CorpusRequest, int, string?)>();
        foreach (CorpusRequest request in requests)
        {
            (int status, string body) = await connection.AskAsync(request);
            string? reason = body.Length == 0 ? null : JsonDocument.Parse(body).RootElement.GetProperty("reason").GetString();
            answers.Add((request, status, reason));
        }

        return answers;
    }

    private static Task<GuardedSite> StartAsync(Action<GuardOptions>? options = null)
    {
        int clients = 0;
        return GuardedSite.StartAsync(
            options,
            before: app => app.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = new IPAddress([10, 0, (byte)(++clients >> 8), (byte)clients]);
                return next(context);
            }),
            after: app => app.Run(context =>
            {
                context.Response.ContentLength = 0;
                return Task.CompletedTask;
            }));
    }
}
