using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>The texts of the enumerations, as they are stored and written to JSON. Parsing is exact.</summary>
public static class EnumText
{
    /// <summary>The text of a group state.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no value.</exception>
    public static string ToText(this GroupState value) => Texts.GroupState.TextOf(value);

    /// <summary>The group state that a text names.</summary>
    /// <exception cref="MlsStoreException">InvalidParameters: it names none; the message quotes it.</exception>
    public static GroupState ParseGroupState(string text) => Texts.GroupState.Parse(text);

    /// <summary>The text of a message state.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no value.</exception>
    public static string ToText(this MessageState value) => Texts.MessageState.TextOf(value);

    /// <summary>The message state that a text names.</summary>
    /// <exception cref="MlsStoreException">InvalidParameters: it names none; the message quotes it.</exception>
    public static MessageState ParseMessageState(string text) => Texts.MessageState.Parse(text);

    /// <summary>The text of a processed message state.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no value.</exception>
    public static string ToText(this ProcessedMessageState value) => Texts.ProcessedMessageState.TextOf(value);

    /// <summary>The processed message state that a text names.</summary>
    /// <exception cref="MlsStoreException">InvalidParameters: it names none; the message quotes it.</exception>
    public static ProcessedMessageState ParseProcessedMessageState(string text) => Texts.ProcessedMessageState.Parse(text);

    /// <summary>The text of a welcome state.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no value.</exception>
    public static string ToText(this WelcomeState value) => Texts.WelcomeState.TextOf(value);

    /// <summary>The welcome state that a text names.</summary>
    /// <exception cref="MlsStoreException">InvalidParameters: it names none; the message quotes it.</exception>
    public static WelcomeState ParseWelcomeState(string text) => Texts.WelcomeState.Parse(text);

    /// <summary>The text of a processed welcome state.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no value.</exception>
    public static string ToText(this ProcessedWelcomeState value) => Texts.ProcessedWelcomeState.TextOf(value);

    /// <summary>The processed welcome state that a text names.</summary>
    /// <exception cref="MlsStoreException">InvalidParameters: it names none; the message quotes it.</exception>
    public static ProcessedWelcomeState ParseProcessedWelcomeState(string text) => Texts.ProcessedWelcomeState.Parse(text);

    /// <summary>The text of a exporter label.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no value.</exception>
    public static string ToText(this ExporterLabel value) => Texts.ExporterLabel.TextOf(value);

    /// <summary>The exporter label that a text names.</summary>
    /// <exception cref="MlsStoreException">InvalidParameters: it names none; the message quotes it.</exception>
    public static ExporterLabel ParseExporterLabel(string text) => Texts.ExporterLabel.Parse(text);

    /// <summary>The text of a kind of group data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no value.</exception>
    public static string ToText(this MlsGroupDataKind value) => Texts.MlsGroupDataKind.TextOf(value);

    /// <summary>The kind of group data that a text names.</summary>
    /// <exception cref="MlsStoreException">InvalidParameters: it names none; the message quotes it.</exception>
    public static MlsGroupDataKind ParseMlsGroupDataKind(string text) => Texts.MlsGroupDataKind.Parse(text);

    /// <summary>The text of a sort order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no value.</exception>
    public static string ToText(this MessageSortOrder value) => Texts.MessageSortOrder.TextOf(value);

    /// <summary>The sort order that a text names.</summary>
    /// <exception cref="MlsStoreException">InvalidParameters: it names none; the message quotes it.</exception>
    public static MessageSortOrder ParseMessageSortOrder(string text) => Texts.MessageSortOrder.Parse(text);

    /// <summary>The text of a backend.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no value.</exception>
    public static string ToText(this StoreBackend value) => Texts.StoreBackend.TextOf(value);

    /// <summary>The backend that a text names.</summary>
    /// <exception cref="MlsStoreException">InvalidParameters: it names none; the message quotes it.</exception>
    public static StoreBackend ParseStoreBackend(string text) => Texts.StoreBackend.Parse(text);

    /// <summary>Whether what the backend keeps survives the process.</summary>
    public static bool IsPersistent(this StoreBackend backend) => backend != StoreBackend.Memory;
}
