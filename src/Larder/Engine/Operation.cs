using Larder.Locks;

namespace Larder.Engine;

internal enum Verb : byte
{
    Put,
    Remove,
    Increment,
    Touch,
}

/// <summary>What a commit does to one key, apart from the key and the value.</summary>
internal readonly record struct Operation(Verb Verb, Expiry Expiry = default, long Expected = Operation.AnyVersion)
{
    /// <summary>No condition.</summary>
    internal const long AnyVersion = -1;

    /// <summary>Whether this sets or increments a key without a condition and without a deadline.</summary>
    internal bool IsPlain => Verb is Verb.Put or Verb.Increment && Expected == AnyVersion && Expiry.IsNone && Flight is null;

    /// <summary>The amount of an increment.</summary>
    internal long By { get; init; }

    /// <summary>The load whose result this is; refused when something overtook it.</summary>
    internal Flight<byte[], Entry?>? Flight { get; init; }
}

/// <summary>What came of a commit.</summary>
/// <param name="Applied">Whether it took place.</param>
/// <param name="Version">The version the key has now; 0 when it is absent.</param>
/// <param name="Number">The sum of an increment.</param>
/// <param name="Sequence">The commit to wait for; 0 when nothing changed.</param>
internal readonly record struct Outcome(bool Applied, long Version, long Number = 0, long Sequence = 0);
