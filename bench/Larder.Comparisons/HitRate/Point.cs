namespace Larder.Comparisons.HitRate;

/// <summary>
/// One trace at one capacity: hit rates in percent. <see cref="ReadBack"/> is Larder's when every insert is read back at once,
/// <see cref="Threaded"/> Larder's from many threads, both absent when not asked for.
/// </summary>
internal sealed record Point(
    TraceFile Trace, long Capacity, double Opt, double Lru, double Larder, double? ReadBack, double? Threaded, double[] Rivals);

/// <summary>One trace at one capacity in bytes: rates of objects and of bytes.</summary>
internal sealed record SizedPoint(TraceFile Trace, long Bytes, (double Objects, double Bytes) Lru, (double Objects, double Bytes) Larder);
