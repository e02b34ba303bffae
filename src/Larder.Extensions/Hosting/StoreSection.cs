using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Larder.Extensions.Hosting;

/// <summary>Where the settings of a store stand in the configuration, and which there are.</summary>
internal static class StoreSection
{
    private const string Root = "Larder";
    private const string Stores = "Stores";

    /// <summary>Every option that has a form in text. The others (serializer, clock, hook) are for delegates.</summary>
    internal static readonly string[] Settings =
    [
        nameof(StoreOptions.Path), nameof(StoreOptions.ReadOnly), nameof(StoreOptions.Durability), nameof(StoreOptions.FlushInterval), nameof(StoreOptions.EncryptionKey),
        nameof(StoreOptions.MaxEntries), nameof(StoreOptions.MaxBytes), nameof(StoreOptions.WhenFull), nameof(StoreOptions.VersionsToKeep), nameof(StoreOptions.MaxKeyBytes),
        nameof(StoreOptions.MaxValueBytes), nameof(StoreOptions.LogLevel),
    ];

    /// <summary>The section that was given, or else the store's own place in the application's configuration; null when it has none.</summary>
    internal static IConfiguration? Of(string name, IConfiguration? given, IServiceProvider provider) =>
        given ?? provider.GetService<IConfiguration>()?.GetSection(DefaultPath(name));

    /// <summary>What comes before the name of a setting in a message.</summary>
    internal static string Prefix(string name, IConfiguration? given) => given switch
    {
        IConfigurationSection section => section.Path + ConfigurationPath.KeyDelimiter,
        null => DefaultPath(name) + ConfigurationPath.KeyDelimiter,
        _ => "",
    };

    /// <summary>Settings that stand there and do not exist, misspelt most likely.</summary>
    internal static IEnumerable<string> Unknown(string name, IConfiguration? section) =>
        section?.GetChildren().Select(child => child.Key)
            .Except([.. Settings, .. name == Options.DefaultName ? [Stores] : Array.Empty<string>()], StringComparer.OrdinalIgnoreCase) ?? [];

    private static string DefaultPath(string name) => name == Options.DefaultName ? Root : ConfigurationPath.Combine(Root, Stores, name);
}
