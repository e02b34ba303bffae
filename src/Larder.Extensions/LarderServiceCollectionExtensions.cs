using Larder;
using Larder.Extensions.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stores as services of an application.</summary>
/// <remarks>
/// <para>Each call registers one store twice, as <see cref="Store"/> and as <see cref="IStore"/>: the same singleton, opened when it is first asked
/// for, in memory or in the directory that its <see cref="StoreOptions.Path"/> names, and closed with the container. A named store is a keyed service.
/// What is registered already stays: an <see cref="IStore"/> of another kind is not replaced.</para>
/// <para>The options (<see cref="StoreOptions"/>, under the store's name) come from, in this order: the application (its
/// <see cref="TimeProvider"/>, and a log level that leaves filtering to the logging configuration), the configuration section, the delegate. They are
/// read once: a store does not change when its configuration is reloaded. What is wrong with them, a setting that does not exist and a second store in
/// one directory included, is reported when the host starts, or else when the store is opened, by an <see cref="OptionsValidationException"/> that
/// names each setting, for instance <c>Larder:MaxBytes</c>.</para>
/// <para>What the store has to tell goes to the category <c>Larder.Store</c>, or <c>Larder.Store.NAME</c>, if the application logs.</para>
/// </remarks>
public static class LarderServiceCollectionExtensions
{
    /// <summary>The store of the application, set up by the section <c>Larder</c> of its configuration, if it has one, and by <paramref name="configure"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddLarder(this IServiceCollection services, Action<StoreOptions>? configure = null) =>
        Add(services, Options.Options.DefaultName, null, configure);

    /// <summary>The store of the application, set up by a configuration section of your choice, and by <paramref name="configure"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="configuration"/> is null.</exception>
    public static IServiceCollection AddLarder(this IServiceCollection services, IConfiguration configuration, Action<StoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, Options.Options.DefaultName, configuration, configure);
    }

    /// <summary>
    /// A store with a name, a keyed service, set up by the section <c>Larder:Stores:NAME</c> of the application's configuration, if it has one, and by
    /// <paramref name="configure"/>.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="name"/> is null.</exception>
    public static IServiceCollection AddLarder(this IServiceCollection services, string name, Action<StoreOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Add(services, name, null, configure);
    }

    /// <summary>A store with a name, a keyed service, set up by a configuration section of your choice, and by <paramref name="configure"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="services"/>, <paramref name="name"/> or <paramref name="configuration"/> is null.</exception>
    public static IServiceCollection AddLarder(this IServiceCollection services, string name, IConfiguration configuration, Action<StoreOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, name, configuration, configure);
    }

    private static IServiceCollection Add(IServiceCollection services, string name, IConfiguration? configuration, Action<StoreOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<StoreDirectories>();
        OptionsBuilder<StoreOptions> options = services.AddOptions<StoreOptions>(name).ValidateOnStart();
        services.AddSingleton<IConfigureOptions<StoreOptions>>(provider => new StoreSetup(name, configuration, provider));
        services.AddSingleton<IPostConfigureOptions<StoreOptions>>(provider => new StoreLogger(name, provider));
        services.AddSingleton<IValidateOptions<StoreOptions>>(provider => new StoreValidation(name, configuration, provider.GetRequiredService<StoreDirectories>()));
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (name == Options.Options.DefaultName)
        {
            services.TryAddSingleton(provider => HostedStore.Open(provider, name));
            services.TryAddSingleton<IStore>(provider => provider.GetRequiredService<Store>());
        }
        else
        {
            services.TryAddKeyedSingleton(name, (provider, _) => HostedStore.Open(provider, name));
            services.TryAddKeyedSingleton<IStore>(name, (provider, _) => provider.GetRequiredKeyedService<Store>(name));
        }

        return services;
    }
}
