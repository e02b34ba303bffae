namespace Larder.Tests.Model;

/// <summary>
/// What the model expects a watcher to be told. <see cref="ChangeKind.Expire"/> stands for "fell due at this point": the store
/// tells it in its own time, but before the next change of that key.
/// </summary>
/// <param name="Kind">What happened.</param>
/// <param name="Key">The key, or the prefix of a clear.</param>
/// <param name="Entry">The new entry of a set, the last one of what is gone; null for a clear.</param>
/// <param name="Commit">Changes of one commit carry the same number.</param>
internal sealed record ModelChange(ChangeKind Kind, string Key, ModelEntry? Entry, int Commit);
