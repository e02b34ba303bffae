namespace Larder.Tests.Crash;

/// <summary>
/// The states in which a crash at one moment may leave a disk. With few pieces pending all subsets; with more of them: none, all, every
/// prefix, only one, all but one, only some kinds, one file only, random ones. Files that ran ahead of their data come with zeros, with noise and with stale blocks in the gap.
/// </summary>
/// <param name="random">Chooses the random subsets.</param>
/// <param name="randoms">How many of them at each moment.</param>
/// <param name="exhaustive">Up to how many pending pieces all subsets are visited.</param>
internal sealed class CrashStates(Random random, int randoms = 12, int exhaustive = 5)
{
    private readonly CrashState _state = new();
    private Action<CrashState> _visit = null!;
    private int _pieces;

    /// <summary>Shows every state; a state that is kept must be turned into an image during the call.</summary>
    public void Visit(DiskState disk, Action<CrashState> visit)
    {
        _visit = visit;
        _pieces = _state.Begin(disk);
        if (_pieces <= exhaustive)
        {
            for (uint subset = 0; subset < 1u << _pieces; subset++)
            {
                Show(piece => (subset >> piece & 1) == 1);
            }

            return;
        }

        Pending[] pending = disk.Pending.ToArray();
        for (int i = 0; i <= _pieces; i++)
        {
            Show(piece => piece < i);
        }

        for (int i = 0; i < _pieces; i++)
        {
            Show(piece => piece == i);
            Show(piece => piece != i);
            Show(piece => piece == i || pending[piece].Kind != PendingKind.Data);   // sizes and names ran ahead of all data but this
            Show(piece => piece == i || (pending[piece].File == pending[i].File && pending[piece].Kind == PendingKind.Length && piece <= i));
        }

        foreach (PendingKind kind in Enum.GetValues<PendingKind>())
        {
            Show(piece => pending[piece].Kind == kind);
            Show(piece => pending[piece].Kind != kind);
        }

        Show(piece => pending[piece].IsName);
        Show(piece => !pending[piece].IsName);
        foreach (int file in pending.Select(piece => piece.File).Distinct())
        {
            Show(piece => pending[piece].File == file);
            Show(piece => pending[piece].File != file);
        }

        for (int i = 0; i < randoms; i++)
        {
            double share = random.NextDouble();
            Show(_ => random.NextDouble() < share);
        }
    }

    private void Show(Func<int, bool> isPresent)
    {
        for (int piece = 0; piece < _pieces; piece++)
        {
            _state.Present[piece] = isPresent(piece);
        }

        _state.Build(Fill.Zeros);
        bool hasGap = _state.HasGap;
        _visit(_state);
        if (hasGap)
        {
            _state.Build(Fill.Noise);
            _visit(_state);
            _state.Build(Fill.Stale);
            _visit(_state);
        }
    }
}
