namespace Larder.NostrMls;

/// <summary>A page of a list.</summary>
public record PageQuery
{
    /// <summary>The most that a page may hold.</summary>
    public const int MaxLimit = 10_000;

    /// <summary>The most to return: from 1 to 10,000. Default: 1,000.</summary>
    public int Limit { get; init; } = 1000;

    /// <summary>How many to leave out before; any non-negative number. Default: 0.</summary>
    public int Offset { get; init; }

    internal static PageQuery Default { get; } = new();
}

/// <summary>A page of messages.</summary>
public sealed record MessageQuery : PageQuery
{
    /// <summary>Their order. Default: <see cref="MessageSortOrder.CreatedAtFirst"/>.</summary>
    public MessageSortOrder Order { get; init; }

    internal static new MessageQuery Default { get; } = new();
}
