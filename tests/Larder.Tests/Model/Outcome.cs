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
    }

    public static string Of(IEnumerable<Entry> entries) => $"[{string.Join("; ", entries.Select(entry => ModelEntry.Show(entry)))}]";

    public static string Of(IEnumerable<ModelEntry> entries) => $"[{string.Join("; ", entries)}]";
}
