using Larder;
using Larder.AspNetCore;
using Larder.AspNetCore.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The guard as a service of a web application.</summary>
public static class GuardServiceCollectionExtensions
{
    /// <summary>
    /// Registers the application's <see cref="Guard"/>, set up by the section <c>Guard</c> of its configuration, if it has one, and by
    /// <paramref name="configure"/>, which has the last word. <c>UseGuard</c> puts it before the application; ask for it yourself to ban and unban.
    /// </summary>
    /// <remarks>
    /// Its state is in the application's <see cref="IStore"/>, or the one that <see cref="GuardWebOptions.Store"/> names; without one in memory. Clock and log are
    /// the application's. The options are read once. What is wrong with them, a setting that does not exist included, is reported when
    /// the host starts, or else when the guard is first asked for, by an <see cref="OptionsValidationException"/> that names each setting.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddGuard(this IServiceCollection services, Action<GuardOptions>? configure = null) => Add(services, null, configure);

    /// <inheritdoc cref="AddGuard(IServiceCollection, Action{GuardOptions}?)"/>
    /// <summary>The same, set up by a configuration section of your choice.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="configuration"/> is null.</exception>
    public static IServiceCollection AddGuard(this IServiceCollection services, IConfiguration configuration, Action<GuardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, configuration, configure);
    }

    private static IServiceCollection Add(IServiceCollection services, IConfiguration? configuration, Action<GuardOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<GuardOptions> options = services.AddOptions<GuardOptions>().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<GuardOptions>>(provider => new GuardSetup(configuration ?? provider.GetService<IConfiguration>()?.GetSection(GuardSetup.Section)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GuardOptions>, GuardValidation>());
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton(Guard);
        return services;
    }

    private static Guard Guard(IServiceProvider provider)
    {
        GuardOptions options = provider.GetRequiredService<IOptions<GuardOptions>>().Value;
        IStore? store = options.Web.Store is { } name ? provider.GetRequiredKeyedService<IStore>(name) : provider.GetService<IStore>();
        return new Guard(options, store, provider.GetService<TimeProvider>(), provider.GetService<ILogger<Guard>>());
    }
}
