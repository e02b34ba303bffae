using Larder.Tests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Larder.Extensions.Tests.Hosting;

/// <summary>What is wrong is told when the host starts, once, and by the names under which it was set.</summary>
public sealed class ValidationTests
{
    [Fact]
    public async Task Every_problem_is_told_when_the_host_starts()
    {
        OptionsValidationException refusal = await RefusedAtStart(
            services => services.AddLarder(),
            ("Larder:MaxBytes", "0"), ("Larder:VersionsToKeep", "2000"), ("Larder:Durability", "Commit"));

        Assert.Equal(
            ["Larder:MaxBytes must be at least 1, but is 0", "Larder:VersionsToKeep must be from 1 to 1024, but is 2000", "Larder:Durability is Commit, but there is no Path"],
            refusal.Failures);
    }

    [Theory]
    [InlineData("Larder:MaxBytes", "lots", "Failed to convert configuration value 'lots' at 'Larder:MaxBytes'")]
    [InlineData("Larder:Durability", "forever", "'forever' at 'Larder:Durability'")]
    [InlineData("Larder:FlushInterval", "soon", "'soon' at 'Larder:FlushInterval'")]
    [InlineData("Larder:MaxByte", "5", "Larder:MaxByte is no setting of a store; there are Path, ReadOnly,")]
    [InlineData("Larder:Serializer:Type", "x", "Larder:Serializer is no setting of a store")]
    [InlineData("Larder:TimeProvider", "x", "Larder:TimeProvider is no setting of a store")]
    [InlineData("Larder:Path", "", "Larder:Path must not be empty")]
    [InlineData("Larder:EncryptionKey", "c2hvcnQ=", "Larder:EncryptionKey needs a Path; Larder:EncryptionKey must have 32 bytes, but has 5")]
    public async Task What_cannot_be_read_is_named(string setting, string value, string expected)
    {
        OptionsValidationException refusal = await RefusedAtStart(services => services.AddLarder(), (setting, value));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_cannot_be_read_is_not_shown()
    {
        OptionsValidationException refusal = await RefusedAtStart(services => services.AddLarder(), ("Larder:EncryptionKey", "my secret!"));

        Assert.Equal("Larder:EncryptionKey is not in base64; it is not shown here", refusal.Message);
    }

    [Fact]
    public async Task A_named_store_is_told_by_its_own_settings()
    {
        OptionsValidationException refusal = await RefusedAtStart(
            services => services.AddLarder().AddLarder("sessions", options => options.MaxKeyBytes = 0), ("Larder:Stores:sessions:MaxEntries", "0"));

        Assert.Equal(["Larder:Stores:sessions:MaxEntries must be at least 1, but is 0", "Larder:Stores:sessions:MaxKeyBytes must be from 1 to 65536, but is 0"], refusal.Failures);
    }

    [Fact]
    public async Task One_directory_for_two_stores_is_refused()
    {
        using var directory = new TemporaryDirectory();
        OptionsValidationException refusal = await RefusedAtStart(
            services => services.AddLarder().AddLarder("sessions"),
            ("Larder:Path", directory.Under("data")), ("Larder:Stores:sessions:Path", directory.Under("other/../data/")));

        Assert.Equal($"Larder:Stores:sessions:Path is '{directory.Under("other/../data/")}', the directory of the store without a name; a directory holds one store", refusal.Message);
        Assert.False(Directory.Exists(directory.Under("data")));
    }

    [Fact]
    public void A_reader_may_stand_beside_the_owner_of_a_directory()
    {
        using var directory = new TemporaryDirectory();
        using ServiceProvider services = new ServiceCollection()
            .AddLarder(options => options.Path = directory.Path)
            .AddLarder("reader", options => (options.Path, options.ReadOnly) = (directory.Path, true)).BuildServiceProvider();

        services.GetRequiredService<IStore>().Set("a", "1");

        Assert.True(services.GetRequiredKeyedService<IStore>("reader").Exists("a"));
    }

    [Fact]
    public void A_directory_in_use_elsewhere_is_refused_when_the_store_is_opened_and_can_be_had_later()
    {
        using var directory = new TemporaryDirectory();
        using ServiceProvider services = new ServiceCollection().AddLarder(options => options.Path = directory.Path).BuildServiceProvider();

        using (Store.Open(directory.Path))
        {
            Assert.Throws<StoreInUseException>(() => services.GetRequiredService<IStore>());
        }

        Assert.Equal(0, services.GetRequiredService<IStore>().Count());
    }

    [Fact]
    public void Without_a_host_it_is_told_when_the_store_is_opened()
    {
        using ServiceProvider services = new ServiceCollection().AddLarder(options => options.MaxEntries = 0).BuildServiceProvider();

        OptionsValidationException refusal = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStore>());

        Assert.Equal("Larder:MaxEntries must be at least 1, but is 0", refusal.Message);
    }

    private static async Task<OptionsValidationException> RefusedAtStart(Action<IServiceCollection> add, params (string Setting, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Setting, (string?)one.Value)));
        add(builder.Services);
        using IHost host = builder.Build();
        return await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }
}
