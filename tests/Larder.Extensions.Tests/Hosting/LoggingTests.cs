using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Larder.Extensions.Tests.Hosting;

/// <summary>What a store has to tell reaches the application's log, at its level and under its name.</summary>
public sealed class LoggingTests
{
    [Fact]
    public void Events_keep_their_level_name_and_sentence()
    {
        var recorder = new Recorder();
        using (ServiceProvider services = Logging(recorder).AddLarder(options => options.MaxEntries = 1).AddLarder("sessions").BuildServiceProvider())
        {
            IStore store = services.GetRequiredService<IStore>();
            store.Set("a", "1");
            Assert.Throws<StoreFullException>(() => store.Set("b", "2"));
            services.GetRequiredKeyedService<IStore>("sessions");
        }

        Assert.Contains(("Larder.Store", LogLevel.Information, "opened", "A store in memory was opened."), recorder.Lines);
        Assert.Contains(("Larder.Store.sessions", LogLevel.Information, "opened", "A store in memory was opened."), recorder.Lines);
        Assert.Contains(recorder.Lines, line => line is { Category: "Larder.Store", Level: LogLevel.Warning, Event: "full" });
        Assert.Contains(recorder.Lines, line => line is { Category: "Larder.Store", Level: LogLevel.Information, Event: "closed" });
    }

    [Fact]
    public void A_level_that_is_set_is_kept_to()
    {
        var recorder = new Recorder();
        using (ServiceProvider services = Logging(recorder).AddLarder(options => options.LogLevel = StoreLogLevel.Error).BuildServiceProvider())
        {
            services.GetRequiredService<IStore>();
        }

        Assert.Empty(recorder.Lines);
    }

    [Fact]
    public void A_hook_of_ones_own_is_called_as_well()
    {
        var recorder = new Recorder();
        var told = new List<string>();
        using (ServiceProvider services = Logging(recorder).AddLarder(options => options.Log = one => told.Add(one.Name)).BuildServiceProvider())
        {
            services.GetRequiredService<IStore>();
        }

        Assert.Equal(["opened", "closed"], told);
        Assert.Equal(told, recorder.Lines.Select(line => line.Event));
    }

    private static IServiceCollection Logging(Recorder recorder) =>
        new ServiceCollection().AddLogging(logging => logging.AddProvider(recorder).SetMinimumLevel(LogLevel.Trace));
}
