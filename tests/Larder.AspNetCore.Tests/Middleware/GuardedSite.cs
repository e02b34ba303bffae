using System.Collections.Concurrent;
using System.Net;
using Larder.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.AspNetCore.Tests.Middleware;

/// <summary>A web application behind the guard, served by Kestrel on a free port of loopback, on a clock that stands still unless it is moved.</summary>
internal sealed class GuardedSite : IAsyncDisposable
{
    internal const string Agent = "Mozilla/5.0 (X11; Linux x86_64) Example/1.0";

    private readonly WebApplication _app;

    private GuardedSite(WebApplication app, ManualTimeProvider clock, WarningLog warnings)
    {
        _app = app;
        Clock = clock;
        Log = warnings.Lines;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(2) };
        Client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", Agent);
    }

    internal Uri Address { get; }

    internal HttpClient Client { get; }

    internal ManualTimeProvider Clock { get; }

    internal ConcurrentQueue<string> Log { get; }

    internal Guard Guard => Service<Guard>();

    internal T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Starts one.</summary>
    /// <param name="guard">The options of the guard.</param>
    /// <param name="build">More services and configuration.</param>
    /// <param name="before">What stands before the guard.</param>
    /// <param name="after">The application; by default it answers "hello" to everything.</param>
    internal static async Task<GuardedSite> StartAsync(
        Action<GuardOptions>? guard = null, Action<WebApplicationBuilder>? build = null, Action<WebApplication>? before = null, Action<WebApplication>? after = null)
    {
        var clock = new ManualTimeProvider();
        var warnings = new WarningLog();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(warnings);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(clock);
        build?.Invoke(builder);
        builder.Services.AddGuard(guard);
        WebApplication app = builder.Build();
        before?.Invoke(app);
        app.UseGuard();
        if (after is null)
        {
            app.Run(context => context.Response.WriteAsync("hello"));
        }
        else
        {
            after(app);
        }

        await app.StartAsync();
        return new GuardedSite(app, clock, warnings);
    }

    internal Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers);

    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Keeps warnings and errors.</summary>
    private sealed class WarningLog : ILoggerProvider, ILogger
    {
        internal ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Lines.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
