using System.Diagnostics.CodeAnalysis;

namespace Larder.Engine;

/// <summary>What left a cache during one call, to be told when the gate is open again. Keeps nothing when nobody listens.</summary>
internal struct Departures<TKey, TValue>(Action<TKey, TValue, RemovalReason>? listener)
{
    private List<(TKey Key, TValue Value, RemovalReason Reason)>? _left;

    internal void Add((TKey Key, TValue Value) content, RemovalReason reason)
    {
        if (listener is not null)
        {
            (_left ??= []).Add((content.Key, content.Value, reason));
        }
    }

    /// <summary>Tells the listener. What it throws stays here: those who wrote or waited for a timer did nothing wrong.</summary>
    internal readonly void Tell()
    {
        if (_left is not null)
        {
            TellAll();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A callback that fails must not fail whoever made an entry leave.")]
    private readonly void TellAll()
    {
        foreach ((TKey key, TValue value, RemovalReason reason) in _left!)
        {
            try
            {
                listener!(key, value, reason);
            }
            catch (Exception)
            {
            }
        }
    }
}
