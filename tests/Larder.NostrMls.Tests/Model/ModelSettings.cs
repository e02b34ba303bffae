namespace Larder.NostrMls.Tests.Model;

/// <summary>The options under test, small so that every bound is met all the time.</summary>
internal sealed record ModelSettings(
    int CacheSize = 3,
    int MaxMessages = 5,
    int MaxName = 8,
    int MaxDescription = 10,
    int MaxAdmins = 2,
    int MaxRelays = 3,
    int MaxUrl = 24,
    int? MaxSnapshots = null,
    ulong? SnapshotTtl = null,
    bool EvictsActive = false);

/// <summary>The model refuses a call: the kind of the error, and what its text must hold; of several ways to say it any one will do.</summary>
internal sealed class ModelRefusal(string kind, params string[][] texts) : Exception
{
    public string Kind => kind;

    public IReadOnlyList<string[]> Texts => texts;

    public static ModelRefusal Invalid(string text) => new("InvalidParameters", [text]);

    public static ModelRefusal UnknownGroup() => Invalid("Group not found");
}

/// <summary>A size, the most it may be, and what is said when it is more.</summary>
internal readonly record struct ModelLimit(int Size, int Most, string Otherwise);
