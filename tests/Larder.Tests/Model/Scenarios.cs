using FsCheck;
using FsCheck.Fluent;

namespace Larder.Tests.Model;

/// <summary>Where scenarios come from. Few keys and few values, so that steps meet; keys whose order in UTF-8 is not that in UTF-16.</summary>
internal static class Scenarios
{
    private static readonly string[] _keys = ["a", "a\0", "a:1", "a:2", "a:é", "b:1", "b:\uFFFD", "b:😀", "B", "🙂", "b:a key that is too long"];
    private static readonly string[] _values = ["", "v", "w", "0", "41", "-7", "007", "9223372036854775807", new('x', 40), new('y', 90), new('z', 101)];
    private static readonly string[] _prefixes = ["", "", "a", "a:", "b:", "b:😀", "zz"];
    private static readonly long[] _lifetimes = [0, 1, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerSecond, 5 * TimeSpan.TicksPerSecond, TimeSpan.TicksPerHour, TimeSpan.MaxValue.Ticks];

    public static Arbitrary<Scenario> Of(int steps) => Arb.From(Scenario(steps), Model.Scenario.Shrink);

    private static Gen<Scenario> Scenario(int steps) =>
        from settings in Settings()
        from sequence in Gen.ListOf(Step(), steps)
        select new Scenario(settings, [.. sequence]);

    private static Gen<Settings> Settings() =>
        from versions in Gen.Choose(1, 4)
        from bound in Gen.Choose(0, 4)
        from entries in Gen.Choose(1, 6)
        from bytes in Gen.Choose(1, 12)
        from evict in Gen.Elements(true, false)
        select new Settings(
            versions,
            MaxEntries: bound is 1 or 3 ? entries : null,
            MaxBytes: bound is 2 or 3 ? bytes * 100 : null,
            evict ? WhenFull.Evict : WhenFull.Refuse);

    private static Gen<Step> Step() => Gen.Frequency(
        (12, from key in Key() from value in Value() from lifetime in Lifetime() select (Step)new SetStep(key, value, lifetime)),
        (4, from key in Key() from value in Value() from lifetime in Lifetime() select (Step)new SetTextStep(key, value, lifetime)),
        (6, from key in Key() from value in Value() from lifetime in Lifetime() select (Step)new AddStep(key, value, lifetime)),
        (8, from key in Key() from value in Value() from claim in AnyClaim() from lifetime in Lifetime() select (Step)new UpdateStep(key, value, claim, lifetime)),
        (8, from key in Key() from amount in Amount() from lifetime in Lifetime() select (Step)new IncrementStep(key, amount, lifetime)),
        (6, from key in Key() from lifetime in Lifetime() select (Step)new TouchStep(key, lifetime)),
        (4, from key in Key() from value in Value() from lifetime in Lifetime() select (Step)new GetOrAddStep(key, value, lifetime)),
        (5, from key in Key() select (Step)new RemoveStep(key)),
        (4, from key in Key() from claim in AnyClaim() select (Step)new RemoveVersionStep(key, claim)),
        (8, Batch()),
        (2, from prefix in Prefix() select (Step)new RemovePrefixStep(prefix)),
        (1, from scope in Gen.Elements("", "a:", "b:") select (Step)new ClearStep(scope)),
        (6, from key in Key() select (Step)new GetStep(key)),
        (3, from key in Key() select (Step)new ReadStep(key)),
        (5, from key in Key() select (Step)new HistoryStep(key)),
        (3, from prefix in Prefix() select (Step)new CountStep(prefix)),
        (6, from scan in Scan() select (Step)scan),
        (3, from scan in Scan() from first in Gen.Choose(0, 3) select (Step)new OpenScanStep(scan, first)),
        (2, Gen.Constant((Step)new FinishScanStep())),
        (1, from prefix in Prefix() from current in Gen.Elements(true, false) select (Step)new WatchStep(prefix, current)),
        (6, from ticks in Gen.Elements(_lifetimes[1..^1]) select (Step)new AdvanceStep(new TimeSpan(ticks))),
        (6, from key in Key() from offset in Gen.Choose(-1, 1) select (Step)new AdvanceToDeadlineStep(key, offset)));

    /// <summary>A key as itself or, when it has a first part, through the scope of that part.</summary>
    private static Gen<Place> Key() =>
        from key in Gen.Elements(_keys)
        from scoped in Gen.Choose(0, 3)
        let cut = scoped == 0 ? key.IndexOf(':', StringComparison.Ordinal) + 1 : 0
        select new Place(key[..cut], key[cut..]);

    private static Gen<Place> Prefix() =>
        from scope in Gen.Elements("", "", "a:", "b:")
        from prefix in Gen.Elements(_prefixes)
        select new Place(scope, scope.Length == 0 ? prefix : "");

    private static Gen<string> Value() => Gen.Elements(_values);

    private static Gen<Claim> AnyClaim() => Gen.Frequency((5, Gen.Constant(Claim.Current)), (1, Gen.Elements(Enum.GetValues<Claim>())));

    private static Gen<long> Amount() => Gen.Elements(0L, 1L, -1L, 40L, long.MaxValue, long.MinValue);

    private static Gen<Lifetime> Lifetime() => Gen.Frequency(
        (4, Gen.Constant(default(Lifetime))),
        (1, Gen.Constant(new Lifetime(LifetimeKind.None))),
        (1, Gen.Constant(new Lifetime(LifetimeKind.Keep))),
        (3, from ticks in Gen.Elements(_lifetimes) select new Lifetime(LifetimeKind.In, ticks)),
        (2, from ticks in Gen.Elements(_lifetimes) select new Lifetime(LifetimeKind.WhenNew, ticks)),
        (1, from ticks in Gen.Elements(_lifetimes) from past in Gen.Choose(0, 3) select new Lifetime(LifetimeKind.At, past == 0 ? -ticks : ticks)));

    private static Gen<ScanStep> Scan() =>
        from prefix in Prefix()
        from after in Gen.Frequency((2, Gen.Constant<string?>(null)), (1, Gen.Elements<string?>([.. _keys, "1", "é", "zz"])))
        from limit in Gen.Elements(int.MaxValue, int.MaxValue, 0, 1, 3)
        from reverse in Gen.Elements(true, false)
        select new ScanStep(prefix, after, limit, reverse);

    private static Gen<Step> Batch() =>
        from scope in Gen.Elements("", "", "", "a:", "b:")
        from parts in Gen.Choose(0, 5).SelectMany(count => Gen.ListOf(Part(scope), count))
        select (Step)new BatchStep(scope, [.. parts]);

    private static Gen<BatchPart> Part(string scope) =>
        from operation in Gen.Frequency(
            (5, Gen.Constant(BatchOperation.Set)),
            (3, Gen.Constant(BatchOperation.Increment)),
            (2, Gen.Constant(BatchOperation.Remove)),
            (2, Gen.Constant(BatchOperation.Require)),
            (1, Gen.Constant(BatchOperation.Clear)))
        from key in Gen.Elements(_keys.Where(key => key.StartsWith(scope, StringComparison.Ordinal)).ToArray())
        from value in Value()
        from amount in Amount()
        from claim in AnyClaim()
        from lifetime in Lifetime()
        select new BatchPart(operation, key[scope.Length..], value, amount, claim, lifetime);
}
