namespace Larder.NostrMls.State;

/// <summary>What usage is counted by. Messages are counted by their groups.</summary>
internal enum UsageFamily
{
    Groups,
    Relays,
    ExporterSecrets,
    ProcessedMessages,
    Welcomes,
    ProcessedWelcomes,
    GroupMls,
    IdentityMls,
    Snapshots,
}

/// <summary>Entries and bytes by family. Changed only while it belongs to a draft.</summary>
internal sealed class UsageTable
{
    private readonly MlsFamilyUsage[] _families = new MlsFamilyUsage[Enum.GetValues<UsageFamily>().Length];

    internal UsageTable()
    {
    }

    internal UsageTable(UsageTable other) => other._families.CopyTo(_families, 0);

    internal MlsFamilyUsage this[UsageFamily family] => _families[(int)family];

    internal void Add(UsageFamily family, long entries, long bytes)
    {
        ref MlsFamilyUsage usage = ref _families[(int)family];
        usage = new(usage.Entries + entries, usage.Bytes + bytes);
    }

    internal MlsUsage ToUsage() => new()
    {
        Groups = this[UsageFamily.Groups],
        Relays = this[UsageFamily.Relays],
        ExporterSecrets = this[UsageFamily.ExporterSecrets],
        ProcessedMessages = this[UsageFamily.ProcessedMessages],
        Welcomes = this[UsageFamily.Welcomes],
        ProcessedWelcomes = this[UsageFamily.ProcessedWelcomes],
        GroupMls = this[UsageFamily.GroupMls],
        IdentityMls = this[UsageFamily.IdentityMls],
        Snapshots = this[UsageFamily.Snapshots],
    };
}
