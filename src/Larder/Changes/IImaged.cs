namespace Larder.Changes;

/// <summary>What changes add up to: the engine of a store that is open, seen by whoever keeps its files.</summary>
internal interface IImaged
{
    /// <summary>The last commit.</summary>
    long LastSequence { get; }

    /// <summary>Roughly what an image would take.</summary>
    long Bytes { get; }

    /// <summary>Everything there is at this moment.</summary>
    IChangeImage OpenImage();
}
