namespace Larder.Entries;

/// <summary>Shared by the nodes that a batch changes. Setting it is the moment at which the batch takes effect for readers.</summary>
internal sealed class CommitFlag(long sequence)
{
    private volatile bool _isSet;

    /// <summary>The version that the batch gives.</summary>
    internal long Sequence { get; } = sequence;

    internal bool IsSet => _isSet;

    internal void Set() => _isSet = true;
}
