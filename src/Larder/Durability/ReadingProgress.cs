namespace Larder.Durability;

/// <summary>How far a long reading has come, for whoever waits for it; and where it is called off.</summary>
internal sealed class ReadingProgress(IProgress<double>? progress, CancellationToken cancellationToken)
{
    private const double Unit = 0.001;   // more often nobody can see

    private double _from;
    private long _total = 1;
    private long _done;
    private double _told = -1;

    /// <summary>What is left to do is to read this many bytes.</summary>
    internal void Expect(long bytes)
    {
        _from = Math.Max(0, _told);
        _total = Math.Max(1, bytes);
        _done = 0;
        Read(0);
    }

    /// <summary>Bytes were read.</summary>
    /// <exception cref="OperationCanceledException">Enough.</exception>
    internal void Read(long bytes)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _done = Math.Min(_done + bytes, _total);
        Tell(_from + ((1 - _from) * _done / _total));
    }

    /// <summary>All is done.</summary>
    internal void Finish() => Tell(1);

    private void Tell(double share)
    {
        if (share >= _told + Unit || (share == 1 && _told < 1))
        {
            _told = share;
            progress?.Report(share);
        }
    }
}
