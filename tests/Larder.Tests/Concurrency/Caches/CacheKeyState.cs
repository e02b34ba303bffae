namespace Larder.Tests.Concurrency.Caches;

/// <summary>
/// One key of a cache between two calls. Values are unique within a history, so a value says which call wrote it. Evictions are part of the
/// history, as the cache reported them; without such a report an entry leaves by a call or by its deadline only.
/// </summary>
/// <param name="Present">Whether there is an entry, expired or not.</param>
/// <param name="Value">Its value, or that of the entry that expired.</param>
/// <param name="Deadline">Its deadline, or that of the entry that expired; 0 after a removal.</param>
/// <param name="Clock">A lower bound of the clock.</param>
internal readonly record struct CacheKeyState(bool Present, long Value, long Deadline, long Clock) : IKeyState<CacheKeyState>
{
    public static int MostNext => 5;

    public static CacheKeyState Absent => default;

    public int After(in Call call, bool mayBeOvertaken, Span<CacheKeyState> next)
    {
        if (call.Kind == CallKind.Evict)
        {
            // What was due may still be what the bound drove out.
            return Value != call.Argument ? 0 : Present ? One(Gone(), next) : Deadline > 0 ? One(this, next) : 0;
        }

        long now = Math.Max(Clock, call.ClockAtCall);
        if (now > call.ClockAtReturn)
        {
            return 0;
        }

        CacheKeyState here = this with { Clock = now };
        if (!Present)
        {
            return here.WhenAbsent(call, mayBeOvertaken, next);
        }

        int count = now < Deadline ? here.WhenAlive(call, mayBeOvertaken, next) : 0;
        return Deadline <= call.ClockAtReturn
            ? count + (here with { Present = false, Clock = Math.Max(now, Deadline) }).WhenAbsent(call, mayBeOvertaken, next[count..])
            : count;
    }

    private int WhenAbsent(in Call call, bool mayBeOvertaken, Span<CacheKeyState> next)
    {
        switch (call.Kind)
        {
            case CallKind.Get or CallKind.Remove or CallKind.Take:
                return call.Answer ? 0 : One(this, next);
            case CallKind.Clear:
                return One(this, next);
            case CallKind.Set:
                return Put(call, next);
            case CallKind.Add:
                return call.Answer ? Put(call, next) : 0;
            default:
                bool own = call.Ran && call.Value == call.Argument;
                int count = own ? Put(call, next) : 0;
                return mayBeOvertaken && (own || call.Answer) ? count + One(this, next[count..]) : count;
        }
    }

    private int WhenAlive(in Call call, bool mayBeOvertaken, Span<CacheKeyState> next)
    {
        switch (call.Kind)
        {
            case CallKind.Get:
                return call.Answer && call.Value == Value ? One(this, next) : 0;
            case CallKind.Remove:
                return call.Answer ? One(Gone(), next) : 0;
            case CallKind.Take:
                return call.Answer && call.Value == Value ? One(Gone(), next) : 0;
            case CallKind.Clear:
                return One(Gone(), next);
            case CallKind.Set:
                return Put(call, next);
            case CallKind.Add:
                return call.Answer ? 0 : One(this, next);
            default:
                bool found = !call.Ran && call.Value == Value;
                bool returnedOnly = mayBeOvertaken && (call.Ran ? call.Value == call.Argument : call.Answer);
                return found || returnedOnly ? One(this, next) : 0;
        }
    }

    /// <summary>
    /// The key after a write: with its value, or gone when the deadline had passed as it was written. A write may look at its own deadline at
    /// any moment of the call.
    /// </summary>
    private int Put(in Call call, Span<CacheKeyState> next)
    {
        long deadline = call.Deadline != Call.Keep ? call.Deadline : Present ? Deadline : Call.Never;
        int count = call.ClockAtCall < deadline ? One(new CacheKeyState(true, call.Argument, deadline, Clock), next) : 0;
        long late = Math.Max(Clock, deadline);
        return late <= call.ClockAtReturn && !(Present && late >= Deadline)
            ? count + One(Gone() with { Clock = late }, next[count..])
            : count;
    }

    private CacheKeyState Gone() => this with { Present = false, Deadline = 0 };

    private static int One(in CacheKeyState state, Span<CacheKeyState> next)
    {
        next[0] = state;
        return 1;
    }
}
