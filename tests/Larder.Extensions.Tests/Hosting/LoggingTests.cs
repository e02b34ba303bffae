using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
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

    [Theory]
    [InlineData(StoreLogLevel.Debug, LogLevel.Debug)]
    [InlineData(StoreLogLevel.Info, LogLevel.Information)]
    [InlineData(StoreLogLevel.Warning, LogLevel.Warning)]
    [InlineData(StoreLogLevel.Error, LogLevel.Error)]
    public void Every_level_has_its_counterpart(StoreLogLevel level, LogLevel expected)
    {
        var recorder = new Recorder();
        using ServiceProvider services = Logging(recorder).AddLarder().BuildServiceProvider();

        services.GetRequiredService<IOptions<StoreOptions>>().Value.Log!(new StoreLogEvent(level, "name", "A sentence with {braces}."));

        Assert.Equal(("Larder.Store", expected, "name", "A sentence with {braces}."), Assert.Single(recorder.Lines));
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
