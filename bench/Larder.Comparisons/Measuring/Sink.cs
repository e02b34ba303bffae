using System.Runtime.CompilerServices;

namespace Larder.Comparisons.Measuring;

/// <summary>Where measured loops leave their results, so that the compiler cannot find out that nobody wants them.</summary>
internal static class Sink
{
    private static long _sum;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Take(long sum) => Volatile.Write(ref _sum, Volatile.Read(ref _sum) + sum);
}
