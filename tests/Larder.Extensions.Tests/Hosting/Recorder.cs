using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Larder.Extensions.Tests.Hosting;

/// <summary>A log that remembers.</summary>
internal sealed class Recorder : ILoggerProvider
{
    internal ConcurrentQueue<(string Category, LogLevel Level, string? Event, string Message)> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Category(Recorder recorder, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            recorder.Lines.Enqueue((name, logLevel, eventId.Name, formatter(state, exception)));
    }
}
