using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Larder.NostrMls.Tests.Security;

/// <summary>No text that the package makes by itself shows an id, a name, content or a key: what is printed, what a debugger displays, what an error says.</summary>
public sealed partial class RedactionTests
{
    public static TheoryData<string> PublicTypes => [.. Types.Select(type => type.FullName!)];

    private static IEnumerable<Type> Types => typeof(Group).Assembly.GetExportedTypes()
        .Where(type => !type.IsInterface && !type.IsEnum && !(type.IsAbstract && type.IsSealed));

    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void A_public_type_shows_nothing(string name)
    {
        Type type = typeof(Group).Assembly.GetType(name, throwOnError: true)!;
        Assert.True(SampleRecords.All().TryGetValue(type, out object? sample), "a public type without a sample here");
        AssertClean(sample.ToString()!);
        AssertClean($"{sample}");
        foreach (DebuggerDisplayAttribute display in type.GetCustomAttributes<DebuggerDisplayAttribute>())
        {
            AssertClean(Member().Replace(display.Value, match => Evaluate(sample, match.Groups[1].Value)));
        }

        Assert.Empty(type.GetCustomAttributes<DebuggerTypeProxyAttribute>());
    }

    [Fact]
    public void A_refusal_shows_nothing()
    {
        using var store = new NostrMlsStore(new MlsStoreOptions
        {
            CacheSize = 1,
            MaxGroupNameLength = SampleRecords.Name.Length,
            MaxGroupDescriptionLength = SampleRecords.Name.Length,
            MaxAdminsPerGroup = 1,
            MaxAdminsPerWelcome = 1,
            MaxRelaysPerGroup = 1,
            MaxRelaysPerWelcome = 1,
            MaxRelayUrlLength = 30,
        });
        Group group = SampleRecords.Group;
        Message message = SampleRecords.Message;
        Welcome welcome = SampleRecords.Welcome;
        string tooLong = SampleRecords.Name + "x";
        PublicKey[] keys = [SampleRecords.Key, new PublicKey(new byte[32])];
        RelayUrl[] relays = [RelayUrl.Parse("wss://canary.example/CANARY"), RelayUrl.Parse("wss://canary.example/CANARY2")];
        RelayUrl[] longRelay = [RelayUrl.Parse("wss://canary.example/CANARY-CANARY-CANARY")];
        string huge = string.Concat(Enumerable.Repeat(SampleRecords.Name, 200_000));
        Action[] beforeItIsThere =
        [
            () => store.SaveMessage(message),
            () => store.GetMessages(group.MlsGroupId),
            () => store.GetLastMessage(group.MlsGroupId),
            () => store.GetAdmins(group.MlsGroupId),
            () => store.GetRelays(group.MlsGroupId),
            () => store.ReplaceRelays(group.MlsGroupId, []),
            () => store.SaveExporterSecret(SampleRecords.ExporterSecret),
            () => store.GetExporterSecret(group.MlsGroupId, 1, ExporterLabel.GroupEvent),
            () => store.PruneExporterSecrets(group.MlsGroupId, 1),
            () => store.CreateSnapshot(group.MlsGroupId, SampleRecords.Name),
            () => store.RollbackToSnapshot(group.MlsGroupId, SampleRecords.Name),
            () => store.MarkRetryable(SampleRecords.EventId),
        ];
        Action[] whenItIs =
        [
            () => store.SaveGroup(group with { Name = tooLong }),
            () => store.SaveGroup(group with { Description = tooLong }),
            () => store.SaveGroup(group with { AdminPubkeys = [.. keys] }),
            () => store.SaveGroup(group with { MlsGroupId = new MlsGroupId([1]) }),
            () => store.SaveGroup(group with { MlsGroupId = new MlsGroupId([1]), NostrGroupId = new NostrGroupId(new byte[32]) }),
            () => store.ReplaceRelays(group.MlsGroupId, relays),
            () => store.ReplaceRelays(group.MlsGroupId, longRelay),
            () => store.SaveMessage(message with { Content = huge }),
            () => store.SaveMessage(message with { Tags = new Tags([[huge]]) }),
            () => store.SaveMessage(message with { Event = message.Event with { Content = huge } }),
            () => store.GetMessages(group.MlsGroupId, new MessageQuery { Limit = 0 }),
            () => store.GetMessages(group.MlsGroupId, new MessageQuery { Offset = -1 }),
            () => store.RollbackToSnapshot(group.MlsGroupId, SampleRecords.Name),
            () => store.SaveWelcome(welcome with { GroupName = tooLong }),
            () => store.SaveWelcome(welcome with { GroupDescription = tooLong }),
            () => store.SaveWelcome(welcome with { GroupAdminPubkeys = [.. keys] }),
            () => store.SaveWelcome(welcome with { GroupRelays = [.. relays] }),
            () => store.SaveWelcome(welcome with { GroupRelays = [.. longRelay] }),
            () => store.SaveWelcome(welcome with { Event = welcome.Event with { Content = huge } }),
        ];
        Assert.All(beforeItIsThere, AssertRefused);
        store.SaveGroup(group);
        Assert.All(whenItIs, AssertRefused);
    }

    [Fact]
    public void Text_that_cannot_be_parsed_is_not_repeated_when_it_may_be_an_id_or_an_event()
    {
        string hex = Convert.ToHexString(SampleRecords.Canary);   // upper case is not taken
        Action[] refused =
        [
            () => EventId.Parse(hex),
            () => EventId.Parse(hex[..10]),
            () => PublicKey.Parse(hex),
            () => NostrGroupId.Parse(hex),
            () => MlsGroupId.Parse(hex),
            () => RelayUrl.Parse("https://canary.example/CANARY"),
            () => UnsignedEvent.Parse($"{{\"content\":\"{SampleRecords.Name}\",\"kind\":\"{hex}\"}}"),
            () => UnsignedEvent.Parse($"{SampleRecords.Name} {hex}"),
            () => _ = new EventId(SampleRecords.Canary.AsSpan(1)),
            () => _ = new SecretBytesHolder(SampleRecords.Secret).ToJson(),
        ];
        Assert.All(refused, AssertRefused);
    }

    private static void AssertRefused(Action call)
    {
        Exception? refused = Record.Exception(call);
        Assert.NotNull(refused);
        for (Exception? each = refused; each is not null; each = each.InnerException)
        {
            AssertClean(each.Message);
            AssertClean(each.ToString());
            Assert.Empty(each.Data);
        }
    }

    private static void AssertClean(string text) =>
        Assert.All(SampleRecords.Forbidden, forbidden => Assert.DoesNotContain(forbidden, text, StringComparison.Ordinal));

    /// <summary>What a debugger puts in place of a member in braces.</summary>
    private static string Evaluate(object sample, string member)
    {
        const BindingFlags any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        string name = member.Split(',')[0].Replace("()", "", StringComparison.Ordinal);
        object? value = sample.GetType().GetProperty(name, any)?.GetValue(sample) ?? sample.GetType().GetField(name, any)?.GetValue(sample)
            ?? sample.GetType().GetMethod(name, any, [])?.Invoke(sample, null);
        return value?.ToString() ?? "null";
    }

    [GeneratedRegex(@"\{([^}]*)\}")]
    private static partial Regex Member();

    private sealed record SecretBytesHolder(SecretBytes Secret)
    {
        public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this);
    }
}
