using System.Globalization;
using System.Text;

namespace Larder.NostrMls.Tests.Model;

// The records of the specification in the plainest words: every id, key and secret is lower-case hex, every set a sorted text with commas,
// every state a word. The text of a record is what is compared.

internal sealed record ModelGroup(
    string Id, string NostrId, string Name, string Description, string? ImageHash, string? ImageKey, string? ImageNonce, string Admins,
    string? LastId, ulong? LastAt, ulong? LastProcessedAt, ulong Epoch, string State, ulong SelfUpdate, ulong? Disappearing);

internal sealed record ModelRelay(string Group, string Url);

internal sealed record ModelSecret(string Group, ulong Epoch, string Label, string Secret);

internal sealed record ModelEvent(string? Id, string Author, ulong CreatedAt, ushort Kind, ModelTags Tags, string Content)
{
    public string Json() => string.Create(
        CultureInfo.InvariantCulture,
        $"{{{(Id is null ? "" : $"\"id\":\"{Id}\",")}\"pubkey\":\"{Author}\",\"created_at\":{CreatedAt},\"kind\":{Kind},\"tags\":{Tags},\"content\":{ModelTags.Quoted(Content)}}}");

    public override string ToString() => ModelText.Short(Json());
}

internal sealed record ModelMessage(
    string Group, string Id, string Author, ushort Kind, ulong CreatedAt, ulong ProcessedAt, string Content, ModelTags Tags, ModelEvent Event, string Wrapper,
    ulong? Epoch, string State)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Group}/{Id} by {Author} kind {Kind} at {CreatedAt}, {ProcessedAt}: {ModelText.Short(Content)} {ModelText.Short(Tags.ToString())} {Event} in {Wrapper} epoch {Epoch} {State}");
}

internal sealed record ModelProcessedMessage(string Wrapper, string? Message, ulong ProcessedAt, ulong? Epoch, string? Group, string State, string? Reason);

internal sealed record ModelWelcome(
    string Id, ModelEvent Event, string Group, string NostrId, string Name, string Description, string? ImageHash, string? ImageKey, string? ImageNonce,
    string Admins, string Relays, string Welcomer, uint Members, string State, string Wrapper);

internal sealed record ModelProcessedWelcome(string Wrapper, string? Welcome, ulong ProcessedAt, string State, string? Reason);

/// <summary>That a processed welcome belongs to a welcome, and so to its group.</summary>
internal sealed record ModelMatch(string Wrapper, string Welcome, string Group);

internal sealed record ModelGroupData(string Group, string Kind, string Value);

internal sealed record ModelLeaf(string Group, string Value);

internal sealed record ModelProposal(string Group, string Reference, string Body);

internal sealed record ModelEpochKeys(string Group, string EpochKey, uint Leaf, string Pairs);

internal sealed record ModelIdentityData(string Family, string Key, string Value);

internal sealed record ModelSnapshot(string Group, string Name, ulong CreatedAt, SnapshotSet Contents);

/// <summary>What a snapshot holds of a group, and a rollback puts back.</summary>
internal sealed record SnapshotSet(
    ModelGroup Record, List<ModelRelay> Relays, List<ModelSecret> Secrets, List<ModelGroupData> Data, List<ModelLeaf> Leaves, List<ModelProposal> Proposals,
    List<ModelEpochKeys> EpochKeys);

/// <summary>A list of lists of strings, whose text is its compact JSON.</summary>
internal sealed record ModelTags(params string[][] Lists)
{
    public override string ToString() => $"[{string.Join(',', Lists.Select(list => $"[{string.Join(',', list.Select(Quoted))}]"))}]";

    public bool Equals(ModelTags? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => Lists.Length;

    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char letter in text)
        {
            quoted.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\b' => @"\b",
                '\t' => @"\t",
                '\n' => @"\n",
                '\f' => @"\f",
                '\r' => @"\r",
                < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => letter.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}

internal static class ModelText
{
    /// <summary>Texts at a limit are long; their ends and their length tell them apart.</summary>
    public static string Short(string text) =>
        text.Length <= 200 ? text : string.Create(CultureInfo.InvariantCulture, $"{text[..20]}…{text.Length}…{text[^20..]}");

    public static string Of<T>(IEnumerable<T> items) => $"[{string.Join("; ", items)}]";

    public static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);
}
