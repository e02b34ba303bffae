namespace Larder.Tests.Concurrency;

/// <summary>What one key is between two calls: a sequential specification that a history is checked against.</summary>
internal interface IKeyState<TSelf>
    where TSelf : unmanaged, IKeyState<TSelf>
{
    /// <summary>A key that was never written.</summary>
    static abstract TSelf Absent { get; }

    /// <summary>The most states that one call can lead to.</summary>
    static abstract int MostNext { get; }

    /// <summary>The states in which the key may be after a call that gave the answer which was recorded; returns how many, 0 when it cannot have given it here.</summary>
    int After(in Call call, bool mayBeOvertaken, Span<TSelf> next);
}
