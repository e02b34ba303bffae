namespace Larder;

/// <summary>What a set means for the history of its key. The numbers are stored in files.</summary>
[Flags]
internal enum ChangeMarks : byte
{
    /// <summary>The version before moves into the history.</summary>
    None = 0,

    /// <summary>The version before is replaced by the same value under a new deadline.</summary>
    Touch = 1,

    /// <summary>Nothing before belongs to the history any more.</summary>
    EndsHistory = 2,
}
