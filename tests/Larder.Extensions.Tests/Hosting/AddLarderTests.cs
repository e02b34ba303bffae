using Larder.Tests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Larder.Extensions.Tests.Hosting;

/// <summary>What the container hands out, from where its options come, and when it opens and closes.</summary>
public sealed class AddLarderTests
{
    [Fact]
    public void The_store_is_one_singleton_under_both_names()
    {
        using ServiceProvider services = new ServiceCollection().AddLarder().BuildServiceProvider();

        Store store = services.GetRequiredService<Store>();

        Assert.Same(store, services.GetRequiredService<IStore>());
        using IServiceScope scope = services.CreateScope();
        Assert.Same(store, scope.ServiceProvider.GetRequiredService<IStore>());
    }

    [Fact]
    public async Task A_path_makes_it_durable_and_it_is_opened_when_first_asked_for_and_closed_with_the_container()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Under("data");
        IServiceCollection services = new ServiceCollection().AddLarder(options => options.Path = path);

        ServiceProvider first = services.BuildServiceProvider();
        Assert.False(Directory.Exists(path));
        IStore store = first.GetRequiredService<IStore>();
        store.Set("a", "1");
        await first.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => store.Count());

        ServiceProvider second = services.BuildServiceProvider();
        Assert.True(second.GetRequiredService<IStore>().TryGet("a", out string? value));
        Assert.Equal("1", value);
        second.Dispose();
        Assert.Throws<ObjectDisposedException>(() => second.GetRequiredService<IStore>());
    }

    [Fact]
    public void Every_setting_is_read_from_the_section_of_the_application()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Larder:Path"] = "data",
            ["Larder:ReadOnly"] = "true",
            ["Larder:Durability"] = "interval",
            ["Larder:FlushInterval"] = "00:00:02",
            ["Larder:EncryptionKey"] = Convert.ToBase64String(new byte[32]),
            ["Larder:MaxEntries"] = "10",
            ["Larder:MaxBytes"] = "20",
            ["Larder:WhenFull"] = "Evict",
            ["Larder:VersionsToKeep"] = "3",
            ["Larder:MaxKeyBytes"] = "40",
            ["Larder:MaxValueBytes"] = "50",
            ["Larder:LogLevel"] = "Warning",
        };
        using ServiceProvider services = With(settings).AddLarder().BuildServiceProvider();

        StoreOptions options = services.GetRequiredService<IOptions<StoreOptions>>().Value;

        Assert.Equal(("data", true, DurabilityMode.Interval, TimeSpan.FromSeconds(2)), (options.Path, options.ReadOnly, options.Durability, options.FlushInterval));
        Assert.Equal(new byte[32], options.EncryptionKey);
        Assert.Equal((10, 20, WhenFull.Evict, 3), (options.MaxEntries, options.MaxBytes, options.WhenFull, options.VersionsToKeep));
        Assert.Equal((40, 50, StoreLogLevel.Warning), (options.MaxKeyBytes, options.MaxValueBytes, options.LogLevel));
        Assert.Equal(settings.Count, Larder.Extensions.Hosting.StoreSection.Settings.Length);
    }

    [Fact]
    public void Every_option_is_a_setting_unless_it_has_no_form_in_text()
    {
        string[] code = [nameof(StoreOptions.Serializer), nameof(StoreOptions.TimeProvider), nameof(StoreOptions.Log)];

        Assert.Equal(typeof(StoreOptions).GetProperties().Select(property => property.Name).Except(code).Order(), Larder.Extensions.Hosting.StoreSection.Settings.Order());
    }

    [Fact]
    public void A_delegate_has_the_last_word()
    {
        using ServiceProvider services = With(new() { ["Larder:MaxEntries"] = "10", ["Larder:MaxBytes"] = "1000" })
            .AddLarder(options => options.MaxEntries = 1).BuildServiceProvider();
        IStore store = services.GetRequiredService<IStore>();

        store.Set("a", "1");
        Assert.Throws<StoreFullException>(() => store.Set("b", "2"));
        Assert.Throws<StoreFullException>(() => store.Set("a", new byte[1000]));
    }

    [Fact]
    public void Named_stores_are_keyed_services_with_sections_of_their_own()
    {
        IServiceCollection collection = With(new() { ["Larder:MaxEntries"] = "1", ["Larder:Stores:sessions:MaxEntries"] = "2", ["Elsewhere:MaxEntries"] = "3" });
        IConfiguration elsewhere = ((IConfiguration)collection[0].ImplementationInstance!).GetSection("Elsewhere");
        using ServiceProvider services = collection.AddLarder().AddLarder("sessions").AddLarder("carts", elsewhere, options => options.VersionsToKeep = 2).BuildServiceProvider();

        Assert.Equal(1, Room(services.GetRequiredService<IStore>()));
        Assert.Equal(2, Room(services.GetRequiredKeyedService<IStore>("sessions")));
        Assert.Equal(3, Room(services.GetRequiredKeyedService<IStore>("carts")));
        Assert.Same(services.GetRequiredKeyedService<Store>("carts"), services.GetRequiredKeyedService<IStore>("carts"));
        services.GetRequiredKeyedService<IStore>("carts").Set("0", "again");
        Assert.Equal(2, services.GetRequiredKeyedService<IStore>("carts").History("0").Count);
    }

    [Fact]
    public void The_section_may_stand_anywhere_and_may_be_the_whole_configuration()
    {
        IConfiguration whole = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["MaxEntries"] = "2" }).Build();
        using ServiceProvider services = new ServiceCollection().AddLarder(whole).BuildServiceProvider();

        Assert.Equal(2, Room(services.GetRequiredService<IStore>()));
    }

    [Fact]
    public void The_environment_sets_options_as_it_sets_any_others()
    {
        const string Name = "LARDERTEST_Larder__MaxEntries";
        Environment.SetEnvironmentVariable(Name, "2");
        try
        {
            IConfiguration configuration = new ConfigurationBuilder().AddEnvironmentVariables("LARDERTEST_").Build();
            using ServiceProvider services = new ServiceCollection().AddSingleton(configuration).AddLarder().BuildServiceProvider();

            Assert.Equal(2, Room(services.GetRequiredService<IStore>()));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Name, null);
        }
    }

    [Fact]
    public void The_clock_is_the_containers()
    {
        var clock = new ManualTimeProvider();
        using ServiceProvider services = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddLarder().BuildServiceProvider();
        IStore store = services.GetRequiredService<IStore>();

        store.Set("a", "1", TimeSpan.FromHours(1));
        clock.Advance(TimeSpan.FromHours(1));

        Assert.False(store.Exists("a"));
    }

    [Fact]
    public void Added_twice_it_is_one_store_with_both_setups()
    {
        using ServiceProvider services = new ServiceCollection().AddLarder(options => options.MaxEntries = 2).AddLarder(options => options.VersionsToKeep = 2).BuildServiceProvider();

        Assert.Equal(2, Room(services.GetRequiredService<IStore>()));
        Assert.Single(services.GetServices<IStore>());
    }

    [Fact]
    public void A_store_of_another_kind_is_not_replaced()
    {
        using var mine = new Store();
        using ServiceProvider services = new ServiceCollection().AddSingleton(mine.Scope("mine:")).AddLarder().BuildServiceProvider();

        Assert.NotSame(services.GetRequiredService<Store>(), services.GetRequiredService<IStore>());
    }

    [Fact]
    public void Bad_arguments_are_refused_at_the_call()
    {
        var services = new ServiceCollection();

        Assert.Throws<ArgumentNullException>("services", () => default(IServiceCollection)!.AddLarder());
        Assert.Throws<ArgumentNullException>("configuration", () => services.AddLarder(default(IConfiguration)!));
        Assert.Throws<ArgumentNullException>("configuration", () => services.AddLarder("a", default(IConfiguration)!));
        Assert.Throws<ArgumentException>("name", () => services.AddLarder(""));
        Assert.Throws<ArgumentException>("name", () => services.AddLarder(" "));
        Assert.Throws<ArgumentNullException>("name", () => services.AddLarder(default(string)!));
        Assert.Empty(services);
    }

    private static IServiceCollection With(Dictionary<string, string?> settings) =>
        new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

    /// <summary>How many entries it takes.</summary>
    private static int Room(IStore store)
    {
        for (int i = 0; i < 10; i++)
        {
            try
            {
                store.Set($"{i}", "value");
            }
            catch (StoreFullException)
            {
                return i;
            }
        }

        return -1;
    }
}
