using Larder.Tests.Child;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>
/// The outside witness of a store that crashes again and again: knows what was issued, what was acknowledged and what was there after the
/// crash before, and judges what is there now. In every mode that must be the state after some prefix of the commits; how long the prefix
/// must be, the mode says.
/// </summary>
internal sealed class Ledger(int writers)
{
    private WriterModel[] _models = [.. Enumerable.Range(0, writers).Select(writer => new WriterModel(writer))];
    private int _cycles;
    private long _shared;

    /// <summary>The last commit that was there when we last looked.</summary>
    public long Sequence { get; private set; }

    /// <summary>Steps that were acknowledged in all cycles together.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Commits that no acknowledgement had reached us of, and that were there.</summary>
    public long Unheard { get; private set; }

    /// <summary>Acknowledged steps that were gone, as the mode allows.</summary>
    public long Forgotten { get; private set; }

    /// <summary>
    /// Compares a store that was recovered with what was said. <paramref name="heard"/> of the signs had come before the crash and bind the
    /// store; the others may have come from beyond.
    /// </summary>
    public void Check(int cycle, DurabilityMode mode, Sign[] signs, int heard, Store store)
    {
        long last = store.Statistics.LastSequence;
        Assert.All(signs.Where(sign => sign.Kind == SignKind.Opened), opened => Assert.Equal(Sequence, opened.Sequence));
        Assert.InRange(last, Floor(mode, signs.Take(heard)), long.MaxValue);

        var models = new WriterModel[writers];
        for (int writer = 0; writer < writers; writer++)
        {
            long[] sequences = SequencesOf(writer, signs);
            int binding = mode == DurabilityMode.Commit ? signs.Take(heard).Count(sign => sign.Kind == SignKind.Applied && sign.Writer == writer) : 0;
            models[writer] = Find(cycle, writer, sequences, binding, last, store);
        }

        long commits = models.Sum(model => model.Commits) - _models.Sum(model => model.Commits);
        _shared += models.Sum(model => model.Shared) - _models.Sum(model => model.Shared);
        Assert.Equal(last - Sequence, commits);   // every sequence belongs to a commit that is there: no hole
        Assert.Equal(_shared, store.TryGet(Plan.Shared, out long count) ? count : 0);
        store.VerifyIntegrity();

        _models = models;
        Sequence = last;
        _cycles++;
    }

    /// <summary>Where the prefix must not end before: at what was there already, and at what the mode has promised since.</summary>
    private long Floor(DurabilityMode mode, IEnumerable<Sign> heard)
    {
        long floor = Sequence;
        foreach (Sign sign in heard)
        {
            if (sign.Kind == SignKind.Flushed || (sign.Kind == SignKind.Applied && mode == DurabilityMode.Commit))
            {
                floor = Math.Max(floor, sign.Sequence);
            }
        }

        return floor;
    }

    /// <summary>The sequences of the acknowledged steps of a writer, in their order; 0 where none was told.</summary>
    private static long[] SequencesOf(int writer, Sign[] signs)
    {
        Sign[] applied = [.. signs.Where(sign => sign.Kind == SignKind.Applied && sign.Writer == writer)];
        Assert.Equal(Enumerable.Range(0, applied.Length).Select(number => (long)number), applied.Select(sign => sign.Number));
        long[] told = [.. applied.Select(sign => sign.Sequence).Where(sequence => sequence != 0)];
        Assert.Equal(told.Distinct().Order(), told);
        return [.. applied.Select(sign => sign.Sequence)];
    }

    /// <summary>The state after so many steps of this writer as the store holds; the last sequence leaves little choice how many.</summary>
    private WriterModel Find(int cycle, int writer, long[] sequences, int binding, long last, Store store)
    {
        int least = Math.Max(binding, Array.FindLastIndex(sequences, sequence => sequence != 0 && sequence <= last) + 1);
        int most = Array.FindIndex(sequences, sequence => sequence > last);
        most = most < 0 ? sequences.Length + 1 : most;   // the step that was under way may be there as well

        WriterModel model = _models[writer].Clone();
        string? difference = $"of {binding} steps that bind, no more than {most} can be there";
        for (int steps = 0; steps <= most; steps++)
        {
            if (steps >= least && (difference = model.DifferenceFrom(store)) is null)
            {
                Acknowledged += sequences.Length;
                Unheard += Math.Max(0, steps - sequences.Length);
                Forgotten += Math.Max(0, sequences.Length - steps);
                return model;
            }

            if (steps < most)
            {
                model.Apply(Plan.At(cycle, writer, steps), steps < sequences.Length ? sequences[steps] : 0);
            }
        }

        Assert.Fail(
            $"cycle {cycle}, after {_cycles} good ones: writer {writer} had {sequences.Length} steps acknowledged, {binding} of them binding, and must be "
            + $"between {least} and {most} at sequence {last} (before: {Sequence}), but {difference}");
        return model;
    }
}
