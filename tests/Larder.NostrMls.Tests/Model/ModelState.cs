namespace Larder.NostrMls.Tests.Model;

/// <summary>Everything a store holds, as flat tables that are searched from end to end. Rows never change; a copy of the tables is a copy of the state.</summary>
internal sealed class ModelState
{
    /// <summary>The least recently used first.</summary>
    public List<string> GroupsByUse { get; private init; } = [];

    /// <summary>The least recently used first.</summary>
    public List<string> WelcomesByUse { get; private init; } = [];

    public List<ModelGroup> Groups { get; private init; } = [];

    public List<ModelRelay> Relays { get; private init; } = [];

    public List<ModelSecret> Secrets { get; private init; } = [];

    public List<ModelMessage> Messages { get; private init; } = [];

    public List<ModelProcessedMessage> ProcessedMessages { get; private init; } = [];

    public List<ModelWelcome> Welcomes { get; private init; } = [];

    public List<ModelProcessedWelcome> ProcessedWelcomes { get; private init; } = [];

    public List<ModelMatch> Matches { get; private init; } = [];

    public List<ModelGroupData> Data { get; private init; } = [];

    public List<ModelLeaf> Leaves { get; private init; } = [];

    public List<ModelProposal> Proposals { get; private init; } = [];

    public List<ModelEpochKeys> EpochKeys { get; private init; } = [];

    public List<ModelIdentityData> Identity { get; private init; } = [];

    /// <summary>In the order in which they were created.</summary>
    public List<ModelSnapshot> Snapshots { get; private init; } = [];

    public ModelState Copy() => new()
    {
        GroupsByUse = [.. GroupsByUse],
        WelcomesByUse = [.. WelcomesByUse],
        Groups = [.. Groups],
        Relays = [.. Relays],
        Secrets = [.. Secrets],
        Messages = [.. Messages],
        ProcessedMessages = [.. ProcessedMessages],
        Welcomes = [.. Welcomes],
        ProcessedWelcomes = [.. ProcessedWelcomes],
        Matches = [.. Matches],
        Data = [.. Data],
        Leaves = [.. Leaves],
        Proposals = [.. Proposals],
        EpochKeys = [.. EpochKeys],
        Identity = [.. Identity],
        Snapshots = [.. Snapshots],
    };

    public bool Has(string group) => Groups.Any(row => row.Id == group);

    /// <summary>The group was used: it is now the most recently used one. Groups that are not listed are not remembered.</summary>
    public void Use(string group)
    {
        if (GroupsByUse.Remove(group))
        {
            GroupsByUse.Add(group);
        }
    }

    public void UseWelcome(string welcome)
    {
        if (WelcomesByUse.Remove(welcome))
        {
            WelcomesByUse.Add(welcome);
        }
    }

    /// <summary>The MLS side of the group goes, whether it is listed or not.</summary>
    public int RemoveMls(string group) =>
        Data.RemoveAll(row => row.Group == group) + Leaves.RemoveAll(row => row.Group == group) + Proposals.RemoveAll(row => row.Group == group)
        + EpochKeys.RemoveAll(row => row.Group == group);

    /// <summary>The group goes with everything that is one with it. Processed records are no part of that.</summary>
    public void RemoveAggregate(string group)
    {
        Groups.RemoveAll(row => row.Id == group);
        GroupsByUse.Remove(group);
        Relays.RemoveAll(row => row.Group == group);
        Secrets.RemoveAll(row => row.Group == group);
        Messages.RemoveAll(row => row.Group == group);
        Snapshots.RemoveAll(row => row.Group == group);
        RemoveMls(group);
    }

    public void RemoveWelcome(string welcome)
    {
        Welcomes.RemoveAll(row => row.Id == welcome);
        WelcomesByUse.Remove(welcome);
    }

    public void RemoveProcessedWelcome(string wrapper)
    {
        ProcessedWelcomes.RemoveAll(row => row.Wrapper == wrapper);
        Matches.RemoveAll(row => row.Wrapper == wrapper);
    }
}
