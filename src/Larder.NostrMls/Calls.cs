using Larder.NostrMls.State;

namespace Larder.NostrMls;

/// <summary>How the members of the doors reach the state: each on its own, or within a transaction. Every member has one body for both.</summary>
/// <param name="core">The store.</param>
/// <param name="transaction">The transaction they belong to; null for calls on their own.</param>
internal sealed class Calls(Core core, Draft? transaction)
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private bool _isOver;

    internal Core Core => core;

    internal bool IsTransaction => transaction is not null;

    /// <summary>The transaction has ended; its handle is dead.</summary>
    internal void End() => _isOver = true;

    internal void ThrowIfDead()
    {
        core.ThrowIfDisposed();
        if (transaction is not null && (_isOver || _thread != Environment.CurrentManagedThreadId))
        {
            throw new InvalidOperationException("the handle of a transaction is for the thread of its action, until the action ends.");
        }
    }

    internal T Read<TCall, T>(Func<StoreState, IUses, TCall, T> query, TCall call)
    {
        ThrowIfDead();
        return transaction is null ? core.Read(query, call) : query(transaction.Final(), transaction, call);
    }

    internal T ReadSecrets<TCall, T>(Func<StoreState, IUses, TCall, T> query, TCall call)
    {
        ThrowIfDead();
        return transaction is null ? core.ReadSecrets(query, call) : query(transaction.Final(), transaction, call);
    }

    internal void Write<TCall>(Action<Draft, TCall> operation, TCall call) =>
        Write(
            static (draft, both) =>
            {
                both.operation(draft, both.call);
                return true;
            },
            (operation, call));

    internal T Write<TCall, T>(Func<Draft, TCall, T> operation, TCall call)
    {
        ThrowIfDead();
        if (transaction is null)
        {
            return core.Write(operation, call);
        }

        Draft nested = transaction.Nested();
        try
        {
            T result = operation(nested, call);
            transaction.Adopt(nested);
            return result;
        }
        catch
        {
            nested.GiveUp();
            throw;
        }
    }
}
