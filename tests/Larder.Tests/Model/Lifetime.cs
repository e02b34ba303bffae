using System.Globalization;

namespace Larder.Tests.Model;

internal enum LifetimeKind
{
    Default,
    None,
    In,
    At,
    Keep,
    WhenNew,
}

/// <summary>An expiry in a step: what is handed to the store, and the model's own arithmetic of what it means.</summary>
/// <param name="Kind">Which of the forms.</param>
/// <param name="Ticks">The lifetime, or for <see cref="LifetimeKind.At"/> the distance of the moment from the clock's present.</param>
internal readonly record struct Lifetime(LifetimeKind Kind, long Ticks = 0)
{
    private static readonly long _last = DateTimeOffset.MaxValue.UtcTicks;

    public Expiry ToExpiry(long now) => Kind switch
    {
        LifetimeKind.None => Expiry.None,
        LifetimeKind.In => Expiry.In(new TimeSpan(Ticks)),
        LifetimeKind.At => Expiry.At(new DateTimeOffset(Moment(now), TimeSpan.Zero)),
        LifetimeKind.Keep => Expiry.Keep,
        LifetimeKind.WhenNew => Expiry.WhenNew(new TimeSpan(Ticks)),
        _ => default,
    };

    /// <summary>The deadline in ticks, null for never.</summary>
    public long? Deadline(long now, ModelEntry? existing, bool keepByDefault = false) => Kind switch
    {
        LifetimeKind.Default => keepByDefault ? existing?.Deadline : null,
        LifetimeKind.In => Moment(now),
        LifetimeKind.At => Moment(now),
        LifetimeKind.Keep => existing?.Deadline,
        LifetimeKind.WhenNew => existing is null ? Moment(now) : existing.Deadline,
        _ => null,
    };

    public override string ToString() => Kind switch
    {
        LifetimeKind.Default => "default",
        LifetimeKind.In or LifetimeKind.At or LifetimeKind.WhenNew => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Ticks}"),
        _ => Kind.ToString(),
    };

    private long Moment(long now) => (long)Int128.Clamp((Int128)now + Ticks, 0, _last);
}
