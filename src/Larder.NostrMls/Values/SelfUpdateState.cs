using System.Text.Json.Serialization;
using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>Whether the own leaf of a group has to be updated, or when it last was. Stored and in JSON a number: 0 is <see cref="Required"/>, anything else the time.</summary>
[JsonConverter(typeof(SelfUpdateStateJson))]
public readonly record struct SelfUpdateState
{
    private SelfUpdateState(ulong number) => Number = number;

    /// <summary>An update is due. The default.</summary>
    public static SelfUpdateState Required => default;

    /// <summary>The number it is stored as.</summary>
    public ulong Number { get; }

    /// <summary>Whether an update is due.</summary>
    public bool IsRequired => Number == 0;

    /// <summary>When the last update was completed; null when one is due.</summary>
    public UnixSeconds? CompletedAt => IsRequired ? null : new UnixSeconds(Number);

    /// <summary>An update was completed at this time. Second 0 cannot be told from <see cref="Required"/>.</summary>
    public static SelfUpdateState Completed(UnixSeconds at) => new(at.Value);

    /// <summary>From the number it is stored as.</summary>
    public static SelfUpdateState FromNumber(ulong number) => new(number);
}
