using System.Text;

namespace Larder.NostrMls.Values;

/// <summary>The text of each value of an enumeration: its name in lower case with a separator between words.</summary>
internal sealed class EnumTexts<T>(string what, char separator)
    where T : struct, Enum
{
    private readonly Dictionary<T, string> _texts = Enum.GetValues<T>().ToDictionary(value => value, value => Separated(value.ToString(), separator));

    internal string TextOf(T value) => _texts.TryGetValue(value, out string? text) ? text : throw new ArgumentOutOfRangeException(nameof(value), $"there is no such {what}.");

    /// <exception cref="MlsStoreException">InvalidParameters: no value has this text.</exception>
    internal T Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach ((T value, string name) in _texts)
        {
            if (string.Equals(name, text, StringComparison.Ordinal))
            {
                return value;
            }
        }

        throw MlsStoreException.Invalid($"Invalid {what}: {text}");
    }

    /// <summary>Refuses a number that is no value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
    internal void Check(T value) => TextOf(value);

    private static string Separated(string name, char separator)
    {
        var text = new StringBuilder();
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append(separator);
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}

/// <summary>The texts of all enumerations.</summary>
internal static class Texts
{
    internal static readonly EnumTexts<GroupState> GroupState = new("group state", '_');
    internal static readonly EnumTexts<MessageState> MessageState = new("message state", '_');
    internal static readonly EnumTexts<ProcessedMessageState> ProcessedMessageState = new("processed message state", '_');
    internal static readonly EnumTexts<WelcomeState> WelcomeState = new("welcome state", '_');
    internal static readonly EnumTexts<ProcessedWelcomeState> ProcessedWelcomeState = new("processed welcome state", '_');
    internal static readonly EnumTexts<ExporterLabel> ExporterLabel = new("exporter label", '-');
    internal static readonly EnumTexts<MlsGroupDataKind> MlsGroupDataKind = new("MLS group data kind", '_');
    internal static readonly EnumTexts<MessageSortOrder> MessageSortOrder = new("message sort order", '_');
    internal static readonly EnumTexts<StoreBackend> StoreBackend = new("store backend", '_');
}

internal sealed class GroupStateJson() : TextJson<GroupState>(Texts.GroupState.Parse, Texts.GroupState.TextOf);

internal sealed class MessageStateJson() : TextJson<MessageState>(Texts.MessageState.Parse, Texts.MessageState.TextOf);

internal sealed class ProcessedMessageStateJson() : TextJson<ProcessedMessageState>(Texts.ProcessedMessageState.Parse, Texts.ProcessedMessageState.TextOf);

internal sealed class WelcomeStateJson() : TextJson<WelcomeState>(Texts.WelcomeState.Parse, Texts.WelcomeState.TextOf);

internal sealed class ProcessedWelcomeStateJson() : TextJson<ProcessedWelcomeState>(Texts.ProcessedWelcomeState.Parse, Texts.ProcessedWelcomeState.TextOf);

internal sealed class ExporterLabelJson() : TextJson<ExporterLabel>(Texts.ExporterLabel.Parse, Texts.ExporterLabel.TextOf);

internal sealed class MlsGroupDataKindJson() : TextJson<MlsGroupDataKind>(Texts.MlsGroupDataKind.Parse, Texts.MlsGroupDataKind.TextOf);

internal sealed class MessageSortOrderJson() : TextJson<MessageSortOrder>(Texts.MessageSortOrder.Parse, Texts.MessageSortOrder.TextOf);

internal sealed class StoreBackendJson() : TextJson<StoreBackend>(Texts.StoreBackend.Parse, Texts.StoreBackend.TextOf);
