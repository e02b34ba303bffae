using System.Globalization;
using Larder.Durability;

namespace Larder.Tests.Crash;

/// <summary>Runs and recovers a <see cref="ToyLog"/>.</summary>
/// <param name="plant">Plants a bug in how it writes.</param>
/// <param name="checks">False plants one in how it reads.</param>
internal sealed class ToyRecovery(Func<IFiles, IFiles>? plant = null, bool checks = true) : IRecovery
{
    /// <summary>Appends values; a zero folds.</summary>
    public Recording Run(string name, ReadOnlySpan<byte> steps)
    {
        var disk = new SimulatedDisk(DiskImage.Empty);
        var recording = new Recording(name, disk);
        using ToyLog toy = ToyLog.Open(plant is null ? disk.Boot() : plant(disk.Boot()));
        Note(recording, "open", toy);
        foreach (byte step in steps)
        {
            Step(recording, toy, step);
        }

        return recording;
    }

    public Recovered Recover(DiskImage image, DateTimeOffset now)
    {
        var disk = new SimulatedDisk(image, remembers: false);
        Content found;
        int count;
        using (ToyLog toy = Open(disk))
        {
            (found, count) = (ContentOf(toy), toy.Values.Count);
            toy.Append(99);
        }

        using ToyLog again = Open(new SimulatedDisk(disk.Certain(), remembers: false));
        if (again.Values.Count != count + 1)
        {
            throw new CrashException("what was written after the crash is lost");
        }

        return new Recovered(count, found);
    }

    public Recording Record(DiskImage image, Recovered first, DateTimeOffset now)
    {
        var disk = new SimulatedDisk(image);
        var recording = new Recording("recovery", disk);
        recording.Holds(first.Sequence, first.Content);
        recording.Returned("crash", new Promise(first.Sequence, first.Sequence, now));
        using ToyLog toy = Open(disk);
        Note(recording, "open", toy);
        Step(recording, toy, 98);
        return recording;
    }

    private ToyLog Open(SimulatedDisk disk) => ToyLog.Open(disk.Boot(), checks);

    private static void Step(Recording recording, ToyLog toy, byte step)
    {
        if (step == 0)
        {
            toy.Fold();
        }
        else
        {
            toy.Append(step);
        }

        Note(recording, step == 0 ? "fold" : string.Create(CultureInfo.InvariantCulture, $"append {step}"), toy);
    }

    private static void Note(Recording recording, string what, ToyLog toy)
    {
        recording.Holds(toy.Values.Count, ContentOf(toy));
        recording.Returned(what, new Promise(toy.Values.Count, toy.Values.Count, default));
    }

    private static Content ContentOf(ToyLog toy)
    {
        var content = new Content();
        for (int i = 0; i < toy.Values.Count; i++)
        {
            content.Add(new Entry("value"u8.ToArray(), new byte[] { toy.Values[i] }, i + 1), []);
        }

        return content;
    }
}
