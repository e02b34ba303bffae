namespace Larder;

/// <summary>How much a store tells its logging hook.</summary>
public enum StoreLogLevel
{
    /// <summary>Maintenance: every sweep, every merge of the index.</summary>
    Debug = 0,

    /// <summary>Life cycle: opened, closed, cleared.</summary>
    Info = 1,

    /// <summary>What an operator should look at: a watcher that missed changes, a full store.</summary>
    Warning = 2,

    /// <summary>What failed.</summary>
    Error = 3,
}

/// <summary>One thing a store has to tell. Never holds a key's value.</summary>
/// <param name="Level">How important it is.</param>
/// <param name="Name">A short stable name, such as <c>swept</c>.</param>
/// <param name="Message">A sentence.</param>
public readonly record struct StoreLogEvent(StoreLogLevel Level, string Name, string Message);
