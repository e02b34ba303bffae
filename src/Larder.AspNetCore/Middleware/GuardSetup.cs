using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Larder.AspNetCore.Middleware;

/// <summary>What the configuration says about the guard, before any delegate. A setting that does not exist, misspelt most likely, is refused.</summary>
internal sealed class GuardSetup(IConfiguration? section) : IConfigureOptions<GuardOptions>
{
    internal const string Section = "Guard";

    public void Configure(GuardOptions options)
    {
        if (section is null)
        {
            return;
        }

        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);   // by generated code, which needs this exact form
        }
        catch (InvalidOperationException error)   // names the settings
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(GuardOptions), [$"{(section as IConfigurationSection)?.Path ?? Section}: {error.Message}"]);
        }
    }
}
