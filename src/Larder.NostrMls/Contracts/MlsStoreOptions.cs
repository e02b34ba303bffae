using System.Diagnostics.CodeAnalysis;

namespace Larder.NostrMls;

/// <summary>What happens when a new group needs room and only active groups are left.</summary>
public enum OverflowPolicy
{
    /// <summary>The new group is refused with CapacityExceeded.</summary>
    RefuseWhenProtected = 0,

    /// <summary>The active group that was used least recently goes.</summary>
    EvictActive = 1,
}

/// <summary>How a store works. Making a store with impossible options throws an <see cref="ArgumentException"/> that lists every one of them. A store copies its options.</summary>
public sealed class MlsStoreOptions
{
    /// <summary>The most groups, and the most invitations. Default: 1,000 each.</summary>
    public int CacheSize { get; set; } = 1000;

    /// <summary>The most messages of a group; it keeps the newest. Default: 10,000.</summary>
    public int MaxMessagesPerGroup { get; set; } = 10_000;

    /// <summary>The longest name of a group, in bytes of UTF-8. Default: 256.</summary>
    public int MaxGroupNameLength { get; set; } = 256;

    /// <summary>The longest description of a group, in bytes of UTF-8. Default: 4,096.</summary>
    public int MaxGroupDescriptionLength { get; set; } = 4096;

    /// <summary>The most admins of a group. Default: 100.</summary>
    public int MaxAdminsPerGroup { get; set; } = 100;

    /// <summary>The most admins in an invitation. Default: 100.</summary>
    public int MaxAdminsPerWelcome { get; set; } = 100;

    /// <summary>The most relays of a group. Default: 100.</summary>
    public int MaxRelaysPerGroup { get; set; } = 100;

    /// <summary>The most relays in an invitation. Default: 100.</summary>
    public int MaxRelaysPerWelcome { get; set; } = 100;

    /// <summary>The longest address of a relay, in bytes of UTF-8. Default: 512.</summary>
    public int MaxRelayUrlLength { get; set; } = 512;

    /// <summary>The most snapshots of a group: when another is created, the oldest go. Default: null, no bound.</summary>
    public int? MaxSnapshotsPerGroup { get; set; }

    /// <summary>How old a snapshot may be, in whole seconds: older ones of a group go when another is created. Default: null, for ever.</summary>
    public TimeSpan? SnapshotTtl { get; set; }

    /// <summary>What happens when a new group needs room and only active groups are left. Default: it is refused.</summary>
    public OverflowPolicy OverflowPolicy { get; set; }

    /// <summary>Called for each eviction after the operation that caused it, outside every gate, on the caller's thread; what it throws is ignored.</summary>
    public Action<MlsEviction>? Evicted { get; set; }

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// For a store in a directory: how long a deleted secret may stay in its files. Zero, the default: the call that deletes returns when no file holds a trace of
    /// it, at the cost of writing all records anew. <see cref="Timeout.InfiniteTimeSpan"/>: until <see cref="NostrMlsStore.Erase"/> or the store is closed.
    /// </summary>
    public TimeSpan EraseDeletedWithin { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// The same for a secret that was replaced by another, as every commit and nearly every message does it, or evicted. Default: one minute. It also goes when something
    /// deleted is erased.
    /// </summary>
    public TimeSpan EraseReplacedWithin { get; set; } = TimeSpan.FromMinutes(1);

    [SuppressMessage("Usage", "CA2208", Justification = "The options are the argument.")]
    internal MlsStoreOptions Validated()
    {
        var problems = new List<string>();
        Positive(CacheSize, nameof(CacheSize));
        Positive(MaxMessagesPerGroup, nameof(MaxMessagesPerGroup));
        Positive(MaxGroupNameLength, nameof(MaxGroupNameLength));
        Positive(MaxGroupDescriptionLength, nameof(MaxGroupDescriptionLength));
        Positive(MaxAdminsPerGroup, nameof(MaxAdminsPerGroup));
        Positive(MaxAdminsPerWelcome, nameof(MaxAdminsPerWelcome));
        Positive(MaxRelaysPerGroup, nameof(MaxRelaysPerGroup));
        Positive(MaxRelaysPerWelcome, nameof(MaxRelaysPerWelcome));
        Positive(MaxRelayUrlLength, nameof(MaxRelayUrlLength));
        Positive(MaxSnapshotsPerGroup ?? 1, nameof(MaxSnapshotsPerGroup));
        Check(SnapshotTtl is null || SnapshotTtl >= TimeSpan.FromSeconds(1), $"SnapshotTtl must be at least one second, but is {SnapshotTtl}");
        Check(Enum.IsDefined(OverflowPolicy), $"OverflowPolicy has no value {(int)OverflowPolicy}");
        Check(TimeProvider is not null, "TimeProvider must not be null");
        Delay(EraseDeletedWithin, nameof(EraseDeletedWithin));
        Delay(EraseReplacedWithin, nameof(EraseReplacedWithin));
        return problems.Count == 0
            ? (MlsStoreOptions)MemberwiseClone()
            : throw new ArgumentException($"the options are not valid: {string.Join("; ", problems)}.", "options");

        void Positive(int value, string name) => Check(value >= 1, $"{name} must be at least 1, but is {value}");

        void Delay(TimeSpan value, string name) => Check(
            value == Timeout.InfiniteTimeSpan || (value >= TimeSpan.Zero && value <= TimeSpan.FromDays(1)),
            $"{name} must be from zero to one day, or infinite, but is {value}");

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
