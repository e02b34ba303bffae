namespace Larder.NostrMls.Tests.Model;

/// <summary>Welcomes: section 7, with the capacity of section 12.</summary>
internal sealed class ModelWelcomes(MlsModel model)
{
    private ModelState State => model.State;

    public void Save(ModelWelcome welcome)
    {
        MlsModel.Limits(
        [
            .. model.Texts(welcome.Name, welcome.Description),
            new(MlsModel.CountOf(welcome.Relays), model.Settings.MaxRelays, "Welcome relay count exceeds maximum"),
            new(MlsModel.CountOf(welcome.Admins), model.Settings.MaxAdmins, "Welcome admin count exceeds maximum"),
            new(MlsModel.Longest(MlsModel.PartsOf(welcome.Relays)), model.Settings.MaxUrl, "Relay URL exceeds maximum length"),
            new(ModelText.Bytes(welcome.Event.Json()), ModelMessages.MaxEvent, "Event JSON exceeds maximum length"),
        ]);
        if (!State.WelcomesByUse.Contains(welcome.Id))
        {
            MakeRoom();
            State.WelcomesByUse.Add(welcome.Id);
        }

        State.Welcomes.RemoveAll(row => row.Id == welcome.Id);
        State.Welcomes.Add(welcome);
        State.UseWelcome(welcome.Id);
        foreach (ModelProcessedWelcome processed in State.ProcessedWelcomes)
        {
            Match(processed, welcome);
        }
    }

    public ModelWelcome? Find(string id)
    {
        State.UseWelcome(id);
        return State.Welcomes.Find(row => row.Id == id);
    }

    public IEnumerable<ModelWelcome> Pending(int limit, int offset)
    {
        MlsModel.CheckPage(limit, offset);
        return State.Welcomes.Where(row => row.State == "pending").OrderByDescending(row => row.Id, StringComparer.Ordinal).Skip(offset).Take(limit);
    }

    public void SaveProcessed(ModelProcessedWelcome processed)
    {
        State.ProcessedWelcomes.RemoveAll(row => row.Wrapper == processed.Wrapper);
        State.ProcessedWelcomes.Add(processed with { Reason = ModelMessages.Cut(processed.Reason) });
        foreach (ModelWelcome welcome in State.Welcomes)
        {
            Match(processed, welcome);
        }
    }

    public ModelProcessedWelcome? FindProcessed(string wrapper) => State.ProcessedWelcomes.Find(row => row.Wrapper == wrapper);

    /// <summary>A welcome goes. While it was pending nobody has answered it, so what says that it was processed goes with it.</summary>
    public void Evict(ModelWelcome welcome, string reason)
    {
        if (welcome.State == "pending")
        {
            foreach (ModelMatch match in State.Matches.Where(match => match.Welcome == welcome.Id).ToList())
            {
                if (State.ProcessedWelcomes.Exists(row => row.Wrapper == match.Wrapper))
                {
                    model.Evictions.Add($"ProcessedWelcome WithItsOwner {match.Wrapper}");
                    State.RemoveProcessedWelcome(match.Wrapper);
                }
            }
        }

        model.Evictions.Add($"Welcome {reason} {welcome.Group}/{welcome.Id}");
        State.RemoveWelcome(welcome.Id);
    }

    private void Match(ModelProcessedWelcome processed, ModelWelcome welcome)
    {
        var match = new ModelMatch(processed.Wrapper, welcome.Id, welcome.Group);
        if ((processed.Welcome == welcome.Id || processed.Wrapper == welcome.Wrapper) && !State.Matches.Contains(match))
        {
            State.Matches.Add(match);
        }
    }

    private void MakeRoom()
    {
        if (State.Welcomes.Count >= model.Settings.CacheSize)
        {
            string victim = State.WelcomesByUse.Find(id => State.Welcomes.Exists(row => row.Id == id && row.State != "pending")) ?? State.WelcomesByUse[0];
            Evict(State.Welcomes.Single(row => row.Id == victim), "CacheSize");
        }
    }
}
