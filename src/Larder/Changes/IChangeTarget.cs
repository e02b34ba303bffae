namespace Larder.Changes;

/// <summary>Whoever can be rebuilt from changes: the engine of a store that is being opened.</summary>
internal interface IChangeTarget
{
    /// <summary>Forgets everything and expects the changes that follow. May be called again, when a source turned out to be no good.</summary>
    void Begin();

    /// <summary>
    /// Takes the next change. Nothing is checked, logged, told or evicted. The versions of one key come oldest first. The memory is valid
    /// only during the call.
    /// </summary>
    void Apply(in Change change);

    /// <summary>There are no more: the last commit was <paramref name="sequence"/>, and commits go on from there.</summary>
    void End(long sequence);
}
