using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Larder.AspNetCore.Middleware;

/// <summary>Finds everything that is wrong with the options of the guard, those of the middleware included.</summary>
internal sealed class GuardValidation(IServiceProvider provider) : IValidateOptions<GuardOptions>
{
    public ValidateOptionsResult Validate(string? name, GuardOptions options)
    {
        List<string> failures = [.. options.Problems().Concat(Web(options)).Select(problem => $"{GuardSetup.Section}: {problem}")];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private List<string> Web(GuardOptions options)
    {
        if (options.Web is not { } web)
        {
            return ["Web must not be null"];
        }

        List<string> problems = [.. TrustedProxies.Problems(web), .. options.Cors is { } cors ? CrossOrigin.Problems(cors) : []];
        if (!Enum.IsDefined(web.WhenStoreFails))
        {
            problems.Add($"Web.WhenStoreFails has no value {(int)web.WhenStoreFails}");
        }

        if (web.Store is { } store && provider.GetService<IServiceProviderIsKeyedService>()?.IsKeyedService(typeof(IStore), store) == false)
        {
            problems.Add($"Web.Store is '{store}', but no store of that name is registered");
        }

        return problems;
    }
}
