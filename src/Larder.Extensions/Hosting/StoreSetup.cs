using System.Buffers.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Larder.Extensions.Hosting;

/// <summary>What an application and its configuration say about one store, before any delegate.</summary>
internal sealed class StoreSetup(string name, IConfiguration? configuration, IServiceProvider provider) : IConfigureNamedOptions<StoreOptions>
{
    public void Configure(string? of, StoreOptions options)
    {
        if (of != name)
        {
            return;
        }

        options.TimeProvider = provider.GetService<TimeProvider>() ?? options.TimeProvider;
        options.LogLevel = StoreLogLevel.Debug;
        if (StoreSection.Of(name, configuration, provider) is { } section)
        {
            Refuse(Unreadable(section));
            try
            {
                section.Bind(options);   // by generated code, which needs this exact form
            }
            catch (InvalidOperationException error)   // names setting and value
            {
                Refuse([error.Message]);
            }
        }
    }

    public void Configure(StoreOptions options) => Configure(Options.DefaultName, options);

    /// <summary>Settings that do not exist, misspelt most likely; and a key that is none, which the binder would put into its message.</summary>
    private List<string> Unreadable(IConfiguration section)
    {
        string prefix = StoreSection.Prefix(name, configuration);
        List<string> problems = [.. StoreSection.Unknown(name, section)
            .Select(setting => $"{prefix}{setting} is no setting of a store; there are {string.Join(", ", StoreSection.Settings)}")];
        if (section[nameof(StoreOptions.EncryptionKey)] is { } key && !Base64.IsValid(key))
        {
            problems.Add($"{prefix}{nameof(StoreOptions.EncryptionKey)} is not in base64; it is not shown here");
        }

        return problems;
    }

    private void Refuse(List<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(name, typeof(StoreOptions), problems);
        }
    }
}
