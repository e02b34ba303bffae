namespace Larder.Tests.Concurrency;

/// <summary>
/// One key of a store between two calls. The specification knows of the clock only
/// how far it must have come, and of a version that no call has shown only that it is larger than one before.
/// </summary>
/// <param name="Present">Whether there is an entry, expired or not.</param>
/// <param name="Value">Its value.</param>
/// <param name="Deadline">Its deadline, or that of the entry that expired; 0 after a removal.</param>
/// <param name="Version">The last version of the key, or, when not <paramref name="Exact"/>, a number below it.</param>
/// <param name="Exact">Whether the version is known.</param>
/// <param name="Clock">A lower bound of the clock.</param>
internal readonly record struct KeyState(bool Present, long Value, long Deadline, long Version, bool Exact, long Clock) : IKeyState<KeyState>
{
    public static int MostNext => 4;

    public static KeyState Absent => new(false, 0, 0, 0, true, 0);

    /// <summary>
    /// The states in which the key may be after <paramref name="call"/> has given the answer that was recorded; none when it cannot
    /// have given that answer here. A call that needs the entry alive takes the smallest clock it can have seen, one that needs it
    /// expired waits for the deadline; where both explain the answer, both are tried.
    /// </summary>
    public int After(in Call call, bool mayBeOvertaken, Span<KeyState> next)
    {
        long now = Math.Max(Clock, call.ClockAtCall);
        if (now > call.ClockAtReturn)
        {
            return 0;
        }

        KeyState here = this with { Clock = now };
        if (!Present)
        {
            return here.WhenAbsent(call, mayBeOvertaken, next);
        }

        int count = now < Deadline ? here.WhenAlive(call, mayBeOvertaken, next) : 0;
        return Deadline <= call.ClockAtReturn
            ? count + (here with { Present = false, Clock = Math.Max(now, Deadline) }).WhenAbsent(call, mayBeOvertaken, next[count..])
            : count;
    }

    private int WhenAbsent(in Call call, bool mayBeOvertaken, Span<KeyState> next) => call.Kind switch
    {
        CallKind.Get or CallKind.Remove or CallKind.RemoveVersion or CallKind.Touch => call.Answer ? 0 : One(this, next),
        CallKind.Update => !call.Answer && call.Version == 0 ? One(this, next) : 0,
        CallKind.Add => call.Answer ? Put(call, call.Argument, next) : 0,
        CallKind.Set => Put(call, call.Argument, next),
        CallKind.Increment => call.Value == call.Argument ? Put(call, call.Argument, next) : 0,
        _ when call.Version == 0 => NotKept(call, mayBeOvertaken, next),
        _ when call.Ran => call.Value == call.Argument ? Put(call, call.Argument, next) : 0,
        _ => FellDue && mayBeOvertaken && Shows(call.Version, call.Value) ? One(Known(call.Version), next) : 0,   // waited for another's load
    };

    private int WhenAlive(in Call call, bool mayBeOvertaken, Span<KeyState> next)
    {
        switch (call.Kind)
        {
            case CallKind.Get:
                return call.Answer && Shows(call.Version, call.Value) && Deadline == call.FoundDeadline ? One(Known(call.Version), next) : 0;
            case CallKind.Load:
                return call.Version == 0 ? NotKept(call, mayBeOvertaken, next)
                    : !call.Ran && Shows(call.Version, call.Value) ? One(Known(call.Version), next)
                    : 0;
            case CallKind.Add:
                return !call.Answer && May(call.Version) ? One(Known(call.Version), next) : 0;
            case CallKind.Update:
                return call.Answer ? (May(call.Expected) ? Known(call.Expected).Put(call, call.Argument, next) : 0)
                    : call.Version != call.Expected && May(call.Version) ? One(Known(call.Version), next)
                    : 0;
            case CallKind.Set:
                return Put(call, call.Argument, next);
            case CallKind.Increment:
                return call.Value == Value + call.Argument ? Put(call, call.Value, next) : 0;
            case CallKind.Touch:
                return call.Answer ? Put(call, Value, next) : 0;
            case CallKind.Remove:
                return call.Answer ? One(Gone(), next) : 0;
            default:
                return call.Answer ? (May(call.Expected) ? One(Known(call.Expected).Gone(), next) : 0)
                    : Exact && Version == call.Expected ? 0
                    : One(this, next);
        }
    }

    /// <summary>
    /// A load that returned its result without a version: because something overtook it, before it was stored or just after, or because
    /// its time was over.
    /// </summary>
    private int NotKept(in Call call, bool mayBeOvertaken, Span<KeyState> next)
    {
        int count = mayBeOvertaken || call.Deadline <= call.ClockAtReturn ? One(this, next) : 0;
        return count == 1 && call.Ran && !Present && call.ClockAtCall < call.Deadline
            ? 1 + One(new KeyState(true, call.Value, call.Deadline, Exact ? Version : Version + 1, false, Clock), next[1..])
            : count;
    }

    /// <summary>
    /// The key after a write: with a new version, or gone when the deadline had passed as it was written. A write may look at its own
    /// deadline at any moment of the call: one that passes while it is being written makes an entry that is due at once.
    /// </summary>
    private int Put(in Call call, long value, Span<KeyState> next)
    {
        long deadline = call.Deadline != Call.Keep ? call.Deadline : Present ? Deadline : Call.Never;
        bool showsVersion = call.Kind is CallKind.Set or CallKind.Add or CallKind.Update or CallKind.Load;
        int count = 0;
        if (call.ClockAtCall < deadline && (!showsVersion || call.Version > (Exact ? Version : Version + 1)))
        {
            count += One(
                showsVersion
                    ? new KeyState(true, value, deadline, call.Version, true, Clock)
                    : new KeyState(true, value, deadline, Exact ? Version : Version + 1, false, Clock),
                next);
        }

        long late = Math.Max(Clock, deadline);
        if (late <= call.ClockAtReturn && !(Present && late >= Deadline) && (!showsVersion || call.Version == 0))
        {
            count += One(Gone() with { Clock = late }, next[count..]);
        }

        return count;
    }

    /// <summary>Whether the key is absent because the time of its entry ran out, and not because somebody removed it.</summary>
    private bool FellDue => !Present && Deadline > 0;

    private KeyState Gone() => this with { Present = false, Deadline = 0 };

    private bool Shows(long version, long value) => May(version) && value == Value;

    private bool May(long version) => Exact ? version == Version : version > Version;

    private KeyState Known(long version) => this with { Version = version, Exact = true };

    private static int One(in KeyState state, Span<KeyState> next)
    {
        next[0] = state;
        return 1;
    }
}
