using Larder.Primitives;

namespace Larder.Engine;

/// <summary>The time of one commit: read when it is first asked for, and the same from then on.</summary>
internal struct CommitTime(MonotonicClock clock)
{
    private long _now;

    internal long Now => _now != 0 ? _now : _now = clock.Now;
}
