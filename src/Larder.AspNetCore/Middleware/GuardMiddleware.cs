using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Larder.AspNetCore.Middleware;

/// <summary>
/// Asks the guard about every request, preflights included, before anything else sees it; answers refused ones and preflights itself, and adds headers to
/// what the application answers. A request that may pass is not touched.
/// </summary>
internal sealed partial class GuardMiddleware
{
    private readonly RequestDelegate _next;
    private readonly Guard _guard;
    private readonly GuardWebOptions _options;
    private readonly ForwardedHeadersMiddleware? _proxies;
    private readonly CrossOrigin? _crossOrigin;
    private readonly bool _inspects;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<object, Task> _addHeaders;

    public GuardMiddleware(RequestDelegate next, Guard guard, IOptions<GuardOptions> options, IServiceProvider services, ILoggerFactory loggers)
    {
        _next = next;
        _guard = guard;
        _options = options.Value.Web;
        _proxies = TrustedProxies.Of(_options, loggers);
        _crossOrigin = options.Value.Cors.Enabled ? new CrossOrigin(options.Value.Cors) : null;
        _inspects = options.Value.Penetration.Enabled;
        _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        _logger = loggers.CreateLogger<GuardMiddleware>();
        _addHeaders = context => AddHeaders((HttpContext)context);
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.OnStarting(_addHeaders, context);   // last of all, so that an error page, which clears the headers, has them too
        }

        _proxies?.ApplyForwarders(context);
        GuardDecision decision = await DecideAsync(context).ConfigureAwait(false);
        if (!decision.Allowed)
        {
            await RefuseAsync(context, decision).ConfigureAwait(false);
        }
        else if (_crossOrigin is not null && CrossOrigin.IsPreflight(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            await _next(context).ConfigureAwait(false);
        }
    }

    /// <summary>Without the request's token: whoever hangs up at once is counted all the same.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps the guard from deciding is a failure of the guard, not of the request.")]
    private async ValueTask<GuardDecision> DecideAsync(HttpContext context)
    {
        try
        {
            return await _guard.CheckAsync(GuardedRequest.Of(context, _inspects), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            LogFailure(_logger, error, _options.WhenStoreFails);
            return _options.WhenStoreFails == WhenStoreFails.Allow ? new GuardDecision(Allowed: true, null, null, null) : Refusal.OfFailure;
        }
    }

    private async Task RefuseAsync(HttpContext context, GuardDecision decision)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();   // what has begun must not look complete
            return;
        }

        DateTimeOffset now = _time.GetUtcNow();
        Refusal.Prepare(context.Response, decision, now);
        await (_options.Refused is { } answer ? answer(context, decision) : Refusal.WriteAsync(context, decision, now)).ConfigureAwait(false);
    }

    private Task AddHeaders(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        if (_options.SecurityHeaders)
        {
            SecurityHeaders.AddTo(headers);
        }

        _crossOrigin?.Answer(context.Request, headers);
        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Error, "The guard could not decide about a request; by its options (WhenStoreFails) the answer is {Answer}.")]
    private static partial void LogFailure(ILogger logger, Exception error, WhenStoreFails answer);
}
