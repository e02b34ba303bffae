using System.Globalization;

namespace Larder.NostrMls.Tests.Model;

/// <summary>
/// What a store should do, written from the specification alone: flat tables, searched and sorted anew by every call. It shares no code with
/// the store, not even the value types.
/// </summary>
internal sealed class MlsModel
{
    public MlsModel(ModelSettings settings, ulong now)
    {
        Settings = settings;
        Now = now;
        Groups = new ModelGroups(this);
        Messages = new ModelMessages(this);
        Welcomes = new ModelWelcomes(this);
        Mls = new ModelMls(this);
        Snapshots = new ModelSnapshots(this);
    }

    public ModelSettings Settings { get; }

    public ModelState State { get; set; } = new();

    /// <summary>The clock, in seconds.</summary>
    public ulong Now { get; set; }

    /// <summary>Grows when something changes on the MLS side.</summary>
    public int MlsChanges { get; private set; }

    /// <summary>What went under pressure since the list was last cleared.</summary>
    public List<string> Evictions { get; } = [];

    public ModelGroups Groups { get; }

    public ModelMessages Messages { get; }

    public ModelWelcomes Welcomes { get; }

    public ModelMls Mls { get; }

    public ModelSnapshots Snapshots { get; }

    /// <summary>Runs a call; when it is refused, nothing has changed.</summary>
    public Outcome Run(Func<object?> call)
    {
        ModelState before = State.Copy();
        int evictions = Evictions.Count;
        Outcome outcome = Outcome.OfModel(call);
        if (outcome.Refusal is not null)
        {
            State = before;
            Evictions.RemoveRange(evictions, Evictions.Count - evictions);
        }
        else if (MlsRows(State) < MlsRows(before))
        {
            MlsChanged();   // a group that went took some along
        }

        return outcome;
    }

    public void DeleteGroup(string group)
    {
        foreach (ModelMatch match in State.Matches.Where(match => match.Group == group).ToList())
        {
            State.RemoveProcessedWelcome(match.Wrapper);
        }

        foreach (ModelWelcome welcome in State.Welcomes.Where(welcome => welcome.Group == group).ToList())
        {
            State.RemoveWelcome(welcome.Id);
        }

        State.ProcessedMessages.RemoveAll(row => row.Group == group);
        State.RemoveAggregate(group);
    }

    public int PruneProcessed(ulong least)
    {
        List<string> welcomes = [.. State.ProcessedWelcomes.Where(row => row.ProcessedAt < least).Select(row => row.Wrapper)];
        welcomes.ForEach(State.RemoveProcessedWelcome);
        return State.ProcessedMessages.RemoveAll(row => row.ProcessedAt < least) + welcomes.Count;
    }

    /// <summary>Everything but named snapshots.</summary>
    public ModelState Capture()
    {
        ModelState copy = State.Copy();
        copy.Snapshots.Clear();
        return copy;
    }

    public void Restore(ModelState capture)
    {
        List<ModelSnapshot> kept = [.. State.Snapshots.Where(snapshot => capture.Has(snapshot.Group))];
        State = capture.Copy();
        State.Snapshots.AddRange(kept);
        MlsChanged();
    }

    public void MlsChanged() => MlsChanges++;

    public ModelLimit[] Texts(string name, string description) =>
    [
        new(ModelText.Bytes(name), Settings.MaxName, "Group name exceeds maximum length"),
        new(ModelText.Bytes(description), Settings.MaxDescription, "Group description exceeds maximum length"),
    ];

    public static void CheckPage(int limit, int offset)
    {
        if (offset < 0)
        {
            throw new ModelRefusal("ArgumentOutOfRange");
        }

        Check(limit is >= 1 and <= 10_000, "Limit must be between 1 and 10000");
    }

    public static void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw ModelRefusal.Invalid(otherwise);
        }
    }

    /// <summary>What is at the limit is allowed; a refusal says the limit in force. Which of several is said is nobody's promise.</summary>
    public static void Limits(params ModelLimit[] limits)
    {
        string[][] exceeded = [.. limits.Where(limit => limit.Size > limit.Most).Select(limit => (string[])[limit.Otherwise, limit.Most.ToString(CultureInfo.InvariantCulture)])];
        if (exceeded.Length > 0)
        {
            throw new ModelRefusal("InvalidParameters", exceeded);
        }
    }

    /// <summary>The members of a set in its text.</summary>
    public static string[] PartsOf(string set) => set.Length == 0 ? [] : set.Split(',');

    public static int Longest(IEnumerable<string> texts) => texts.Select(ModelText.Bytes).DefaultIfEmpty().Max();

    public static int CountOf(string set) => PartsOf(set).Length;

    private static int MlsRows(ModelState state) => state.Data.Count + state.Leaves.Count + state.Proposals.Count + state.EpochKeys.Count;
}
