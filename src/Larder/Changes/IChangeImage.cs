namespace Larder.Changes;

/// <summary>
/// Everything that a store holds at one point in time, in the form of the sets that would make it: key by key in their order, the kept
/// versions of a key oldest first. Used by one thread; pins what it sees until it is disposed or collected.
/// </summary>
internal interface IChangeImage : IDisposable
{
    /// <summary>The last commit that it holds.</summary>
    long Sequence { get; }

    /// <summary>The store's clock at that moment, in UTC ticks. What is due by then is left out.</summary>
    long Now { get; }

    /// <summary>The next version; false at the end.</summary>
    bool Next(out Change change);
}
