namespace Larder.Comparisons.Measuring;

/// <summary>
/// Who takes part in a measurement: <see cref="Slice"/> does a share of the work and returns its figure, <see cref="WarmUp"/> does a
/// little of it, often enough for the compiler to have finished with it. Without a <see cref="WarmUp"/> the round that does not count
/// has to do: work that takes long enough for the compiler by itself.
/// </summary>
internal sealed record Contender(string Name, Action? WarmUp, Func<double> Slice)
{
    private const int WarmUpOperations = 1_024;

    /// <summary>A contender that does the same number of operations in every slice.</summary>
    public static Contender Fixed(string name, int operations, int threads, Share share) =>
        new(name, () => share(0, 0, Math.Min(operations, WarmUpOperations)), () => Timing.NanosecondsEach(operations, threads, share));

    /// <summary>A contender that does as many operations as fit into a slice of this length, but at least one a thread.</summary>
    public static Contender Paced(string name, TimeSpan slice, int threads, Share share)
    {
        int operations = 0;
        return new(
            name,
            () => share(0, 0, 1),
            () =>
            {
                operations = operations > 0 ? operations : Pace(slice, threads, share);
                return Timing.NanosecondsEach(operations, threads, share);
            });
    }

    /// <summary>A contender whose slice is one long piece of work; what it returns is how long it took.</summary>
    public static Contender Once(string name, Func<TimeSpan> work) => new(name, null, () => work().TotalNanoseconds);

    private static int Pace(TimeSpan slice, int threads, Share share)
    {
        double each = Timing.NanosecondsEach(16 * threads, threads, share);
        return (int)Math.Clamp(slice.TotalNanoseconds / each, threads, 1 << 20) / threads * threads;
    }
}
