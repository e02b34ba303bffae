using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Larder.Extensions.Hosting;

/// <summary>Hands what one store has to tell to the application's log, after every delegate; a hook that a delegate has set is called as well.</summary>
internal sealed class StoreLogger(string name, IServiceProvider provider) : IPostConfigureOptions<StoreOptions>
{
    private const string Category = "Larder.Store";

    public void PostConfigure(string? of, StoreOptions options)
    {
        if (of == name && provider.GetService<ILoggerFactory>() is { } loggers)
        {
            ILogger logger = loggers.CreateLogger(name == Options.DefaultName ? Category : $"{Category}.{name}");
            options.Log = (told => Write(logger, told)) + options.Log;
        }
    }

    [SuppressMessage("Performance", "CA1848", Justification = "The name of an event is the store's to give, and events are rare.")]
    [SuppressMessage("Performance", "CA1873", Justification = "The message is there already.")]
    private static void Write(ILogger logger, StoreLogEvent told) => logger.Log(LevelOf(told.Level), new EventId(0, told.Name), "{Message}", told.Message);

    private static LogLevel LevelOf(StoreLogLevel level) => level switch
    {
        StoreLogLevel.Debug => LogLevel.Debug,
        StoreLogLevel.Info => LogLevel.Information,
        StoreLogLevel.Warning => LogLevel.Warning,
        _ => LogLevel.Error,
    };
}
