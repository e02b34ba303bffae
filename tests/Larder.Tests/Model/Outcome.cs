using System.Globalization;

namespace Larder.Tests.Model;

/// <summary>What came of a call, as text that is the same for store and model when they agree.</summary>
internal static class Outcome
{
    public static string Of(Func<object?> call)
    {
        try
        {
            return Convert.ToString(call(), CultureInfo.InvariantCulture) ?? "nothing";
        }
        catch (Exception refused) when (refused is StoreFullException or StoreLimitException or NotACounterException or OverflowException or ValueKindException)
        {
            return refused.GetType().Name;
        }
        catch (DifferenceException difference)
        {
            return $"that it does not happen that {difference.Message}";
        }
    }

    public static string Of<T>(Func<T> call, out T? answer, out bool threw)
    {
        T? given = default;
        bool gave = false;
        string outcome = Of(() =>
        {
            given = call();
            gave = true;
            return given;
        });
        answer = given;
        threw = !gave;
        return outcome;
    }

    public static string Of(IEnumerable<Entry> entries) => $"[{string.Join("; ", entries.Select(entry => ModelEntry.Show(entry)))}]";

    public static string Of(IEnumerable<ModelEntry> entries) => $"[{string.Join("; ", entries)}]";
}
