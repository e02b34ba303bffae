namespace Larder;

/// <summary>How much a store tells its logging hook.</summary>
public enum StoreLogLevel
{
    /// <summary>Maintenance: <c>swept</c>, when a sweep found entries whose time had run out.</summary>
    Debug = 0,

    /// <summary>Life cycle: <c>opened</c> and <c>closed</c>.</summary>
    Info = 1,

    /// <summary>What an operator should look at: <c>full</c>, when a write was refused for want of room; <c>torn</c> and
    /// <c>damaged</c>, what an opening overcame; <c>checkpoint</c>, when one could not be made.</summary>
    Warning = 2,

    /// <summary>What failed: <c>poisoned</c>, when the log did. A store in memory has nothing to tell here.</summary>
    Error = 3,
}

/// <summary>One thing a store has to tell. Never holds a key's value.</summary>
/// <param name="Level">How important it is.</param>
/// <param name="Name">A short stable name, such as <c>swept</c>.</param>
/// <param name="Message">A sentence.</param>
public readonly record struct StoreLogEvent(StoreLogLevel Level, string Name, string Message);
