using Microsoft.Extensions.Logging;

namespace Larder.AspNetCore;

/// <summary>What the guard tells its logger: refused requests, with address, method, path, type and reason; never the query, headers or values.</summary>
public sealed class GuardLoggingOptions
{
    /// <summary>Whether anything is told. Default: it is.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The level at which refused requests are told. Default: <see cref="LogLevel.Information"/>.</summary>
    public LogLevel Level { get; set; } = LogLevel.Information;
}
