using System.Diagnostics.CodeAnalysis;

namespace Larder.NostrMls;

/// <summary>Why a store refused.</summary>
public enum MlsStoreErrorKind
{
    /// <summary>An unknown group, a limit exceeded, a page out of range, a Nostr id that belongs to another group, or text that cannot be parsed.</summary>
    InvalidParameters = 0,

    /// <summary>There is no such failed record to be retried, or no such snapshot.</summary>
    NotFound = 1,

    /// <summary>The store is full, and nothing in it may go.</summary>
    CapacityExceeded = 2,

    /// <summary>Something cannot be written.</summary>
    Serialization = 3,

    /// <summary>Something cannot be read.</summary>
    Deserialization = 4,

    /// <summary>What keeps the records has failed; the inner exception says how.</summary>
    Backend = 5,

    /// <summary>Anything else.</summary>
    Other = 6,
}

/// <summary>A call was refused and has changed nothing. Messages hold no id, name, content or key of anybody.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Always with a kind.")]
public sealed class MlsStoreException : Exception
{
    /// <summary>Says why.</summary>
    public MlsStoreException(MlsStoreErrorKind kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    /// <summary>Why.</summary>
    public MlsStoreErrorKind Kind { get; }

    internal static MlsStoreException Invalid(string message) => new(MlsStoreErrorKind.InvalidParameters, message);

    internal static MlsStoreException GroupNotFound() => Invalid("Group not found");
}
