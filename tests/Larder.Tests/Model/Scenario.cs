using System.Globalization;

namespace Larder.Tests.Model;

/// <summary>A store's settings and what is done to it, as data: a smaller scenario is a scenario as well.</summary>
internal sealed record Scenario(Settings Settings, IReadOnlyList<Step> Steps)
{
    /// <summary>Smaller scenarios, the smallest first: without a half, a quarter, … a single step.</summary>
    public static IEnumerable<Scenario> Shrink(Scenario scenario)
    {
        int count = scenario.Steps.Count;
        for (int size = count / 2; size >= 1; size /= 2)
        {
            for (int from = 0; from + size <= count; from += size)
            {
                yield return scenario with { Steps = [.. scenario.Steps.Take(from), .. scenario.Steps.Skip(from + size)] };
            }
        }
    }

    public override string ToString() =>
        string.Join('\n', [$"{Settings}", .. Steps.Select((step, i) => string.Create(CultureInfo.InvariantCulture, $"  {i}. {step}"))]);
}
