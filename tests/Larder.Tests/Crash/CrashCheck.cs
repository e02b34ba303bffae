using System.Globalization;

namespace Larder.Tests.Crash;

/// <summary>
/// Enumerates the crashes of a recording and holds the store to its word: acknowledged ≤ recovered ≤ issued, the content that of the
/// recovered commit, the store of use afterwards. Each distinct state of the disk is recovered once.
/// </summary>
/// <param name="recovery">The subject.</param>
/// <param name="random">Chooses random states, and which recoveries are crashed themselves.</param>
/// <param name="randoms">Random states at each moment.</param>
internal sealed class CrashCheck(IRecovery recovery, Random random, int randoms = 12)
{
    private const int DeepRecoveries = 64;

    private readonly HashSet<ulong> _distinct = [];
    private readonly CrashStates _states = new(random, randoms);
    private bool _isRecovery;

    /// <summary>Moments at which the power failed.</summary>
    public long Points { get; private set; }

    /// <summary>States that were looked at.</summary>
    public long States { get; private set; }

    /// <summary>Those of them that differed.</summary>
    public long Distinct => _distinct.Count;

    /// <summary>Those of the distinct ones that were left by a crash during a recovery.</summary>
    public long InRecovery { get; private set; }

    /// <summary>Crashes the recording after each of its operations.</summary>
    /// <param name="recording">What happened.</param>
    /// <param name="recoveries">Of the recoveries, one in so many is crashed as well.</param>
    /// <param name="crashes">How many crashes there may be in a row.</param>
    /// <param name="from">The first operation after which it is crashed.</param>
    /// <param name="every">After one in how many operations from there on.</param>
    public void Run(Recording recording, int recoveries = 16, int crashes = 1, int from = 0, int every = 1)
    {
        var seen = new Dictionary<ulong, Recovered>();
        var deeper = new List<Recording>();
        var disk = new DiskState(recording.Start);
        for (int point = 0; point <= recording.Operations.Count; point++)
        {
            if (point > 0)
            {
                disk.Apply(recording.Operations[point - 1]);
            }

            if (point < from || (recording.Operations.Count - point) % every != 0)
            {
                continue;
            }

            Points++;
            Promise promise = recording.PromiseAt(point);
            _states.Visit(disk, state => Check(recording, point, promise, state, seen, crashes > 1 && random.Next(recoveries) == 0 ? deeper : null));
            Deepen(deeper, crashes - 1);
        }
    }

    private void Deepen(List<Recording> deeper, int crashes)
    {
        if (deeper.Count > 0)
        {
            bool wasRecovery = _isRecovery;
            _isRecovery = true;
            deeper.ForEach(recording => Run(recording, DeepRecoveries, crashes));
            deeper.Clear();
            _isRecovery = wasRecovery;
        }
    }

    private void Check(Recording recording, int point, Promise promise, CrashState state, Dictionary<ulong, Recovered> seen, List<Recording>? deeper)
    {
        States++;
        try
        {
            if (!seen.TryGetValue(state.Hash, out Recovered recovered))
            {
                DiskImage image = state.ToImage();
                recovered = recovery.Recover(image, promise.Now);
                seen.Add(state.Hash, recovered);
                InRecovery += _distinct.Add(state.Hash) && _isRecovery ? 1 : 0;
                deeper?.Add(recovery.Record(image, recovered, promise.Now));
            }

            HoldSequence(recovered, promise);
            HoldContent(recovered, recording.ContentAt(recovered.Sequence, point), promise.Now);
        }
        catch (Exception wrong)
        {
            throw new CrashException(
                string.Create(CultureInfo.InvariantCulture, $"{recording.Name}: {wrong.Message}\nafter {point} operations, in state {States}:\n{recording.Story(point)}\nwhat the crash left:\n{state}\n{wrong.StackTrace?.Split((char)10).FirstOrDefault()}"),
                wrong);
        }
    }

    private static void HoldSequence(Recovered recovered, Promise promise)
    {
        if (recovered.Sequence < promise.Acknowledged || recovered.Sequence > promise.Issued)
        {
            throw new CrashException(string.Create(
                CultureInfo.InvariantCulture,
                $"commit {recovered.Sequence} came back, but {promise.Acknowledged} was acknowledged and {promise.Issued} issued"));
        }
    }

    private static void HoldContent(Recovered recovered, Content? expected, DateTimeOffset now)
    {
        if (expected is null || !expected.SameAt(now, recovered.Content))
        {
            throw new CrashException(string.Create(
                CultureInfo.InvariantCulture,
                $"the content of commit {recovered.Sequence} is wrong, expected\n{expected}but found\n{recovered.Content}"));
        }
    }
}
