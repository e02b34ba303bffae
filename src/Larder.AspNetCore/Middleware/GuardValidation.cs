using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Larder.AspNetCore.Middleware;

/// <summary>Finds everything that is wrong with the options of the guard, those of the middleware included.</summary>
internal sealed class GuardValidation(IServiceProvider provider) : IValidateOptions<GuardOptions>
{
    public ValidateOptionsResult Validate(string? name, GuardOptions options)
    {
        List<string> failures = [.. options.Problems().Concat(CrossOrigin.Problems(options.Cors)).Concat(TrustedProxies.Problems(options.Web)).Concat(Web(options.Web)).Select(problem => $"{GuardSetup.Section}: {problem}")];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Web(GuardWebOptions options)
    {
        if (!Enum.IsDefined(options.WhenStoreFails))
        {
            yield return $"Web:WhenStoreFails has no value {(int)options.WhenStoreFails}";
        }

        if (options.Store is { } store && provider.GetService<IServiceProviderIsKeyedService>()?.IsKeyedService(typeof(IStore), store) == false)
        {
            yield return $"Web:Store is '{store}', but no store of that name is registered";
        }
    }
}
