namespace Larder.Tests.Concurrency;

/// <summary>Chooses and makes the calls of which a <see cref="Crew"/> makes histories. Used by many threads at once.</summary>
internal interface ICaller
{
    /// <summary>Deadlines lie fewer steps of the clock ahead than this.</summary>
    const int DeadlineSteps = 12;

    /// <summary>Before a history: these are its keys.</summary>
    void Begin(IReadOnlyList<string> keys);

    /// <summary>A random call on one of so many keys.</summary>
    Call Next(int keys, int argument, TimeSpan step);

    /// <summary>Makes the call and notes the answer.</summary>
    void Make(string key, ref Call call);

    /// <summary>After a history: its keys go.</summary>
    void End(IReadOnlyList<string> keys);
}
