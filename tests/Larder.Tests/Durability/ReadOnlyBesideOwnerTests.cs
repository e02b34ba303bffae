using Larder.Tests.Child;
using Xunit;

namespace Larder.Tests.Durability;

/// <summary>A reader beside an owner that writes, rotates, makes checkpoints and deletes what is old all the time.</summary>
[Collection(nameof(RealFiles))]
public sealed class ReadOnlyBesideOwnerTests
{
    private const int Writers = 4;

    [Theory]
    [InlineData(DurabilityMode.Commit)]
    [InlineData(DurabilityMode.Interval)]
    [InlineData(DurabilityMode.Snapshot)]
    public void A_reader_beside_a_busy_owner_finds_all_that_is_durable(DurabilityMode mode)
    {
        int owners = RealFiles.IsSlow ? 40 : 2;
        const int OpeningsEach = 25;
        int moved = 0;
        for (int run = 0; run < owners; run++)
        {
            using var scratch = new TemporaryDirectory();
            using var owner = new ChildProcess(
                ["write", $"path={scratch.Under("store")}", $"mode={mode}", $"cycle={run}", $"threads={Writers}", "tiny", "interval=5", "compact=41", "flush=31", "answers"]);
            Assert.True(owner.WaitFor(SignKind.Opened), owner.Errors);
            long before = -1;
            for (int opening = 0; opening < OpeningsEach; opening++)
            {
                Assert.True(owner.WaitFor(SignKind.Applied, 1 + (opening * 40)), owner.Errors);
                int heard = owner.Signs.Length;
                using Store reader = Store.Open(new StoreOptions { Path = scratch.Under("store"), ReadOnly = true, VersionsToKeep = Plan.Versions });
                Sign[] signs = owner.SignsNow();
                new Ledger(Writers).Check(run, mode, signs, heard, reader);
                Assert.InRange(reader.Statistics.LastSequence, before, long.MaxValue);
                moved += reader.Statistics.LastSequence > before ? 1 : 0;
                before = reader.Statistics.LastSequence;
                Assert.Throws<StoreReadOnlyException>(() => reader.Increment(Plan.Shared));
            }

            owner.Kill();
            Assert.DoesNotContain(owner.Signs, sign => sign.Kind == SignKind.Refused);
        }

        Figures.Print($"read-only beside a busy owner, {mode}: {owners * OpeningsEach} openings, {moved} states, 0 older than what was durable");
    }
}
