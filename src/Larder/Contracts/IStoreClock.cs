namespace Larder;

/// <summary>
/// The clock that a store measures deadlines on, for stores whose clock is not the system's; for those who implement <see cref="IStore"/>.
/// <c>GetTimeToLive</c> asks it, and takes the system's clock for a store that does not implement this.
/// </summary>
public interface IStoreClock
{
    /// <summary>Now, as the store sees it.</summary>
    DateTimeOffset UtcNow { get; }
}
