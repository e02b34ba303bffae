namespace Larder.NostrMls.Tests.Model;

/// <summary>Named snapshots of groups: section 9.</summary>
internal sealed class ModelSnapshots(MlsModel model)
{
    private ModelState State => model.State;

    public void Create(string group, string name)
    {
        ModelGroup record = model.Groups.Known(group);
        State.Snapshots.RemoveAll(row => row.Group == group && row.Name == name);
        State.Snapshots.Add(new ModelSnapshot(group, name, model.Now, new SnapshotSet(
            record,
            [.. State.Relays.Where(row => row.Group == group)],
            [.. State.Secrets.Where(row => row.Group == group)],
            [.. State.Data.Where(row => row.Group == group)],
            [.. State.Leaves.Where(row => row.Group == group)],
            [.. State.Proposals.Where(row => row.Group == group)],
            [.. State.EpochKeys.Where(row => row.Group == group)])));
        if (model.Settings.SnapshotTtl is { } ttl)
        {
            State.Snapshots.RemoveAll(row => row.Group == group && model.Now - row.CreatedAt > ttl);
        }

        if (model.Settings.MaxSnapshots is { } most)
        {
            List<ModelSnapshot> all = [.. State.Snapshots.Where(row => row.Group == group)];
            foreach (ModelSnapshot old in all.Take(Math.Max(0, all.Count - most)))
            {
                State.Snapshots.Remove(old);
            }
        }
    }

    public void Rollback(string group, string name)
    {
        ModelSnapshot snapshot = State.Snapshots.Find(row => row.Group == group && row.Name == name) ?? throw new ModelRefusal("NotFound", ["Snapshot not found"]);
        SnapshotSet set = snapshot.Contents;
        MlsModel.Check(!State.Groups.Exists(row => row.NostrId == set.Record.NostrId && row.Id != group), "nostr_group_id already exists for a different group");
        State.Snapshots.Remove(snapshot);
        State.Groups[State.Groups.FindIndex(row => row.Id == group)] = set.Record;
        Replace(State.Relays, row => row.Group == group, set.Relays);
        Replace(State.Secrets, row => row.Group == group, set.Secrets);
        Replace(State.Data, row => row.Group == group, set.Data);
        Replace(State.Leaves, row => row.Group == group, set.Leaves);
        Replace(State.Proposals, row => row.Group == group, set.Proposals);
        Replace(State.EpochKeys, row => row.Group == group, set.EpochKeys);
        State.Use(group);
        model.MlsChanged();
    }

    public void Release(string group, string name)
    {
        State.Use(group);
        State.Snapshots.RemoveAll(row => row.Group == group && row.Name == name);
    }

    /// <summary>Returns a list of snapshots, so it is no use of the group.</summary>
    public IEnumerable<string> List(string group) =>
        State.Snapshots.Where(row => row.Group == group).OrderBy(row => row.CreatedAt).Select(row => $"'{row.Name}' at {row.CreatedAt}");

    public int Prune(ulong least) => State.Snapshots.RemoveAll(row => row.CreatedAt < least);

    private static void Replace<T>(List<T> rows, Predicate<T> which, List<T> by)
    {
        rows.RemoveAll(which);
        rows.AddRange(by);
    }
}
