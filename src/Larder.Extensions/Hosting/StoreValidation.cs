using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Larder.Extensions.Hosting;

/// <summary>Finds everything that is wrong with the options of one store, and names the settings.</summary>
internal sealed class StoreValidation(string name, IConfiguration? configuration, StoreDirectories directories) : IValidateOptions<StoreOptions>
{
    public ValidateOptionsResult Validate(string? of, StoreOptions options)
    {
        if (of != name)
        {
            return ValidateOptionsResult.Skip;
        }

        string prefix = StoreSection.Prefix(name, configuration);
        List<string> failures = [.. options.Validate().Select(problem => prefix + problem)];
        if (failures.Count == 0 && options is { Path: { } path, ReadOnly: false } && directories.Claim(name, path) is { } owner)
        {
            failures.Add($"{prefix}{nameof(StoreOptions.Path)} is '{path}', the directory of {owner}; a directory holds one store");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
