using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Larder.Extensions.Hosting;

/// <summary>Opens the store that options describe.</summary>
internal static class HostedStore
{
    internal static Store Open(IServiceProvider provider, string name)
    {
        StoreOptions options = provider.GetRequiredService<IOptionsMonitor<StoreOptions>>().Get(name);
        return options.Path is null ? new Store(options) : Store.Open(options);
    }
}
