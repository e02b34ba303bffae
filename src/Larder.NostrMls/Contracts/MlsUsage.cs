namespace Larder.NostrMls;

/// <summary>How much there is of one family of records.</summary>
/// <param name="Entries">How many records.</param>
/// <param name="Bytes">What they come to, as they would be written to a file, without keys.</param>
public readonly record struct MlsFamilyUsage(long Entries, long Bytes);

/// <summary>How much a store holds, by family, at one moment.</summary>
public sealed record MlsUsage
{
    /// <summary>Groups that are listed.</summary>
    public MlsFamilyUsage Groups { get; init; }

    /// <summary>Relays, counted one by one.</summary>
    public MlsFamilyUsage Relays { get; init; }

    /// <summary>Exporter secrets.</summary>
    public MlsFamilyUsage ExporterSecrets { get; init; }

    /// <summary>Messages.</summary>
    public MlsFamilyUsage Messages { get; init; }

    /// <summary>Processed messages.</summary>
    public MlsFamilyUsage ProcessedMessages { get; init; }

    /// <summary>Invitations.</summary>
    public MlsFamilyUsage Welcomes { get; init; }

    /// <summary>Processed invitations.</summary>
    public MlsFamilyUsage ProcessedWelcomes { get; init; }

    /// <summary>Values of the MLS engine that belong to groups, listed or not.</summary>
    public MlsFamilyUsage GroupMls { get; init; }

    /// <summary>Values of the MLS engine that belong to no group.</summary>
    public MlsFamilyUsage IdentityMls { get; init; }

    /// <summary>Snapshots; their bytes are those that only snapshots still hold.</summary>
    public MlsFamilyUsage Snapshots { get; init; }
}
