namespace Larder.NostrMls.Tests.Model;

/// <summary>Groups, relays and exporter secrets: section 5, with the capacity of section 12.</summary>
internal sealed class ModelGroups(MlsModel model)
{
    private ModelState State => model.State;

    public IEnumerable<ModelGroup> All() => State.Groups.OrderBy(group => group.Id, StringComparer.Ordinal);

    public ModelGroup? Find(string group)
    {
        State.Use(group);
        return State.Groups.Find(row => row.Id == group);
    }

    public ModelGroup? FindByNostrId(string nostrId)
    {
        ModelGroup? found = State.Groups.Find(row => row.NostrId == nostrId);
        State.Use(found?.Id ?? "-");
        return found;
    }

    public void Save(ModelGroup group)
    {
        MlsModel.Limits([.. model.Texts(group.Name, group.Description), new(MlsModel.CountOf(group.Admins), model.Settings.MaxAdmins, "Group admin count exceeds maximum")]);
        MlsModel.Check(!State.Groups.Exists(row => row.NostrId == group.NostrId && row.Id != group.Id), "nostr_group_id already exists for a different group");
        if (!State.Has(group.Id))
        {
            MakeRoom();
            State.GroupsByUse.Add(group.Id);
        }

        State.Groups.RemoveAll(row => row.Id == group.Id);
        State.Groups.Add(group);
        State.Use(group.Id);
    }

    public string Admins(string group) => Known(group).Admins;

    public IEnumerable<string> Relays(string group)
    {
        Known(group);
        return State.Relays.Where(row => row.Group == group).Select(row => row.Url).Order(StringComparer.Ordinal);
    }

    public void ReplaceRelays(string group, IReadOnlyCollection<string> urls)
    {
        MlsModel.Limits(
            new ModelLimit(urls.Count, model.Settings.MaxRelays, "Relay count exceeds maximum"),
            new ModelLimit(MlsModel.Longest(urls), model.Settings.MaxUrl, "Relay URL exceeds maximum length"));
        Known(group);
        State.Relays.RemoveAll(row => row.Group == group);
        State.Relays.AddRange(urls.Select(url => new ModelRelay(group, url)));
    }

    /// <summary>No use of the group: its id is inside the record.</summary>
    public void SaveSecret(ModelSecret secret)
    {
        MlsModel.Check(State.Has(secret.Group), "Group not found");
        State.Secrets.RemoveAll(row => row.Group == secret.Group && row.Epoch == secret.Epoch && row.Label == secret.Label);
        State.Secrets.Add(secret);
    }

    public ModelSecret? FindSecret(string group, ulong epoch, string label)
    {
        Known(group);
        return State.Secrets.Find(row => row.Group == group && row.Epoch == epoch && row.Label == label);
    }

    public int PruneSecrets(string group, ulong least)
    {
        Known(group);
        return State.Secrets.RemoveAll(row => row.Group == group && row.Epoch < least);
    }

    public IEnumerable<string> NeedingSelfUpdate(ulong threshold) => All()
        .Where(group => group.State == "active" && (group.SelfUpdate == 0 || (model.Now > group.SelfUpdate ? model.Now - group.SelfUpdate : 0) >= threshold))
        .Select(group => group.Id);

    /// <summary>The group, and that it was used.</summary>
    public ModelGroup Known(string group) => Find(group) ?? throw ModelRefusal.UnknownGroup();

    private void MakeRoom()
    {
        if (State.Groups.Count < model.Settings.CacheSize)
        {
            return;
        }

        string victim = Oldest("inactive") ?? Oldest("pending") ?? (model.Settings.EvictsActive ? Oldest("active") : null)
            ?? throw new ModelRefusal("CapacityExceeded");
        model.Evictions.Add($"Group CacheSize {victim}");
        foreach (ModelWelcome welcome in State.Welcomes.Where(welcome => welcome.Group == victim).ToList())
        {
            model.Welcomes.Evict(welcome, "WithItsOwner");
        }

        State.RemoveAggregate(victim);
    }

    private string? Oldest(string state) => State.GroupsByUse.Find(id => State.Groups.Exists(group => group.Id == id && group.State == state));
}
