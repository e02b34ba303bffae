namespace Larder.NostrMls.Tests.Model;

/// <summary>The state of the MLS engine: section 8. A group need not be listed to have some.</summary>
internal sealed class ModelMls(MlsModel model)
{
    private ModelState State => model.State;

    public void WriteData(string group, string kind, string value)
    {
        DeleteData(group, kind);
        State.Data.Add(new ModelGroupData(group, kind, value));
        model.MlsChanged();
    }

    public string? ReadData(string group, string kind)
    {
        State.Use(group);
        return State.Data.Find(row => row.Group == group && row.Kind == kind)?.Value;
    }

    public void DeleteData(string group, string kind) => Removed(group, State.Data.RemoveAll(row => row.Group == group && row.Kind == kind));

    public void AppendLeaf(string group, string value)
    {
        State.Use(group);
        State.Leaves.Add(new ModelLeaf(group, value));
        model.MlsChanged();
    }

    public IEnumerable<string> ReadLeaves(string group)
    {
        State.Use(group);
        return State.Leaves.Where(row => row.Group == group).Select(row => row.Value);
    }

    public void DeleteLeaves(string group) => Removed(group, State.Leaves.RemoveAll(row => row.Group == group));

    public void Queue(string group, string reference, string body)
    {
        State.Use(group);
        var proposal = new ModelProposal(group, reference, body);
        int known = State.Proposals.FindIndex(row => row.Group == group && row.Reference == reference);
        if (known >= 0)
        {
            State.Proposals[known] = proposal;
        }
        else
        {
            State.Proposals.Add(proposal);
        }

        model.MlsChanged();
    }

    public IEnumerable<ModelProposal> Proposals(string group)
    {
        State.Use(group);
        return State.Proposals.Where(row => row.Group == group);
    }

    public void RemoveProposal(string group, string reference) => Removed(group, State.Proposals.RemoveAll(row => row.Group == group && row.Reference == reference));

    public void ClearProposals(string group) => Removed(group, State.Proposals.RemoveAll(row => row.Group == group));

    public void WriteEpochKeys(string group, string epochKey, uint leaf, string pairs)
    {
        DeleteEpochKeys(group, epochKey, leaf);
        State.EpochKeys.Add(new ModelEpochKeys(group, epochKey, leaf, pairs));
        model.MlsChanged();
    }

    public string ReadEpochKeys(string group, string epochKey, uint leaf)
    {
        State.Use(group);
        return State.EpochKeys.Find(row => row.Group == group && row.EpochKey == epochKey && row.Leaf == leaf)?.Pairs ?? "";
    }

    public void DeleteEpochKeys(string group, string epochKey, uint leaf) =>
        Removed(group, State.EpochKeys.RemoveAll(row => row.Group == group && row.EpochKey == epochKey && row.Leaf == leaf));

    public void WriteIdentity(string family, string key, string value)
    {
        DeleteIdentity(family, key);
        State.Identity.Add(new ModelIdentityData(family, key, value));
        model.MlsChanged();
    }

    public string? ReadIdentity(string family, string key) => State.Identity.Find(row => row.Family == family && row.Key == key)?.Value;

    public void DeleteIdentity(string family, string key) => Removed("-", State.Identity.RemoveAll(row => row.Family == family && row.Key == key));

    public IEnumerable<string> KeyPackages() => State.Identity.Where(row => row.Family == "key package").Select(row => row.Key).Order(StringComparer.Ordinal);

    public void DeleteAll(string group) => Removed(group, State.RemoveMls(group));

    private void Removed(string group, int rows)
    {
        State.Use(group);
        if (rows > 0)
        {
            model.MlsChanged();
        }
    }
}
