namespace Larder.Cli.Bench;

/// <summary>What a worker does next.</summary>
internal enum Operation
{
    Read,
    Update,
    Insert,
    Scan,
    ReadModifyWrite,
}

/// <summary>How keys are chosen: few of them often, or the newest ones often.</summary>
internal enum KeyChoice
{
    Zipfian,
    Latest,
}

/// <summary>One of the core workloads of YCSB (Cooper et al., SoCC 2010): so many percent of each operation.</summary>
internal sealed record Mix(char Name, string Title, KeyChoice Choice, params (Operation Operation, int Percent)[] Shares)
{
    /// <summary>The six of the paper.</summary>
    public static IReadOnlyList<Mix> All { get; } =
    [
        new('A', "half reads, half updates", KeyChoice.Zipfian, (Operation.Read, 50), (Operation.Update, 50)),
        new('B', "95 % reads, 5 % updates", KeyChoice.Zipfian, (Operation.Read, 95), (Operation.Update, 5)),
        new('C', "reads only", KeyChoice.Zipfian, (Operation.Read, 100)),
        new('D', "newest reads, 5 % inserts", KeyChoice.Latest, (Operation.Read, 95), (Operation.Insert, 5)),
        new('E', "scans ≤ 100, 5 % inserts", KeyChoice.Zipfian, (Operation.Scan, 95), (Operation.Insert, 5)),
        new('F', "reads, read-modify-writes", KeyChoice.Zipfian, (Operation.Read, 50), (Operation.ReadModifyWrite, 50)),
    ];

    /// <summary>The operation at a percentile from 0 to 99.</summary>
    public Operation At(int percentile)
    {
        foreach ((Operation operation, int percent) in Shares)
        {
            percentile -= percent;
            if (percentile < 0)
            {
                return operation;
            }
        }

        return Shares[^1].Operation;
    }
}
