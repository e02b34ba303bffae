namespace Larder.Cli.Commands;

/// <summary>A store that a command works on, and how it was opened.</summary>
/// <param name="Store">The store.</param>
/// <param name="Durability">What it promises.</param>
/// <param name="IsReadOnly">Whether it was opened beside a possible owner, who alone knows the mode.</param>
internal sealed record OpenStore(Store Store, DurabilityMode Durability = DurabilityMode.Memory, bool IsReadOnly = false) : IDisposable
{
    public void Dispose() => Store.Dispose();
}
