using Larder.Tests.Durability;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>
/// Whether the target of a repair was empty was seen before the damaged store was read, and again when it was written to. Who had put something there meanwhile
/// was told that it was not empty, after all of it had been deleted.
/// </summary>
public sealed class RepairDeletesWhatItDidNotWrite
{
    [Fact]
    public void What_came_into_the_target_during_the_repair_stays()
    {
        using var disk = new StoreOnDisk();
        disk.Fill(20);
        string target = disk.Under("repaired");
        string precious = Path.Combine(target, "precious.txt");
        var progress = new Told(() =>
        {
            Directory.CreateDirectory(target);
            File.WriteAllText(precious, "not yours");
        });

        Assert.Throws<IOException>(() => StoreFiles.Repair(disk.Path, target, progress: progress));

        Assert.Equal("not yours", File.ReadAllText(precious));
    }

    private sealed class Told(Action first) : IProgress<double>
    {
        private bool _isTold;

        public void Report(double value)
        {
            if (!_isTold)
            {
                _isTold = true;
                first();
            }
        }
    }
}
