using System.Buffers.Binary;
using Larder.Changes;

namespace Larder.Durability;

/// <summary>Reads one segment of the log, commit by commit. Where damage is told rather than thrown, it goes on behind it.</summary>
/// <remarks>
/// Every record says which commit was on stable storage when it was written. So what is broken may be a torn tail only
/// if no whole record behind it says that it was durable.
/// </remarks>
internal sealed class SegmentReader
{
    private readonly FrameReader _reader;
    private readonly Reading _how;
    private readonly long _after;
    private readonly long _successor;

    /// <param name="reader">The file.</param>
    /// <param name="how">How it is read.</param>
    /// <param name="after">Commits up to this one are passed over.</param>
    /// <param name="successor">The first commit of a segment that follows, so that this one's tail cannot be torn; 0 when that is not known.</param>
    internal SegmentReader(FrameReader reader, Reading how, long after = 0, long successor = 0)
    {
        _reader = reader;
        _how = how;
        _after = after;
        _successor = successor;
        First = reader.Header.IsGuess ? GuessFirst(after) : reader.Header.FirstSequence;
        Last = First - 1;
        Time = reader.Header.Created;
    }

    internal FileHeader Header => _reader.Header;

    internal string Path => _reader.Path;

    /// <summary>The first commit that may be in it.</summary>
    internal long First { get; }

    /// <summary>The commit that was read last, or the one before the first.</summary>
    internal long Last { get; private set; }

    /// <summary>The newest time that it tells, UTC ticks.</summary>
    internal long Time { get; private set; }

    /// <summary>Whole records that were read.</summary>
    internal long Records { get; private set; }

    /// <summary>Whether the owner closed the store, and nothing came after.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>Where the record of that begins.</summary>
    internal long ClosedAt { get; private set; }

    /// <summary>Whether it says that it is complete, and that another follows.</summary>
    internal bool IsSealed { get; private set; }

    /// <summary>Whether there is something at its end that should be more records.</summary>
    internal bool IsBrokenOff { get; private set; }

    /// <summary>Bytes behind the last whole record that were in flight when the owner stopped.</summary>
    internal long TornBytes { get; private set; }

    /// <summary>Where the last record that counts ends.</summary>
    internal long End => _reader.Position;

    /// <summary>Moves to the next commit; false at the end of the segment.</summary>
    /// <exception cref="StoreDamagedException">The segment is damaged.</exception>
    internal bool Next()
    {
        while (!IsSealed)
        {
            FrameStatus status = _reader.Next();
            if (status == FrameStatus.Intact)
            {
                Records++;
                if (Take())
                {
                    return true;
                }
            }
            else if (status == FrameStatus.Nothing || !PassOver(status))
            {
                return false;
            }
        }

        // What was allocated ahead may hold anything until what gives it back has reached the disk, but no records.
        long end = _reader.Position;
        if (_reader.Seek(Last))
        {
            Damage(_reader.At, "a record follows the end of the segment", Last);
        }

        _reader.Position = end;
        return false;
    }

    /// <summary>The changes of the commit, for <see cref="Read"/>; none when they cannot be read. Valid until the next commit.</summary>
    internal ReadOnlyMemory<byte> Changes => _reader.IsBlind ? default : _reader.Payload;

    /// <summary>The next change of the commit, of which <paramref name="rest"/> is left.</summary>
    /// <exception cref="StoreDamagedException">It makes no sense.</exception>
    internal Change Read(ref ReadOnlyMemory<byte> rest) =>
        ChangeCodec.TryRead(ref rest, Last, out Change change) && (change.Kind != ChangeKind.Set || change.Version == Last)
            ? change
            : throw new StoreDamagedException(Path, _reader.At, Last, "a change makes no sense", Last);

    /// <summary>Hands the changes of the commit to a target, or only verifies them. False when they make no sense, and that was told.</summary>
    internal bool Apply(IChangeTarget? target)
    {
        if (_how.Damaged is not null && target is not null && !Apply(null))
        {
            return false;   // a commit is taken as a whole or not at all
        }

        try
        {
            ReadOnlyMemory<byte> rest = Changes;
            while (!rest.IsEmpty)
            {
                Change change = Read(ref rest);
                target?.Apply(change);
            }

            return true;
        }
        catch (StoreDamagedException damage) when (_how.Damaged is not null)
        {
            _how.Meet(damage);
            return false;
        }
    }

    /// <summary>Takes the record that was read; whether it is a commit to hand out.</summary>
    private bool Take()
    {
        ReadOnlySpan<byte> payload = _reader.Payload.Span;
        switch (_reader.Kind)
        {
            case FrameKind.Commit when _reader.Sequence == Last + 1 && !IsClosed && !payload.IsEmpty:
                Last++;
                return Last > _after;
            case FrameKind.Time when payload.Length == sizeof(long):
                TakeTime(payload);
                return false;
            case FrameKind.Close when _reader.Sequence == Last && payload.Length == sizeof(long):
                TakeTime(payload);
                IsClosed = true;
                ClosedAt = _reader.At;
                return false;
            case FrameKind.End when _reader.Sequence == Last && payload.Length == sizeof(long) && (_reader.IsBlind || BinaryPrimitives.ReadInt64LittleEndian(payload) == Header.Number + 1):
                IsSealed = true;
                return false;
            default:
                return TakeMisplaced();
        }
    }

    private void TakeTime(ReadOnlySpan<byte> payload) =>
        Time = _reader.IsBlind ? Time : Math.Max(Time, BinaryPrimitives.ReadInt64LittleEndian(payload));

    /// <summary>A whole record where it cannot be. A commit that comes too early is taken all the same, by those who survive damage: those before it are lost.</summary>
    private bool TakeMisplaced()
    {
        bool isAhead = _reader.Kind == FrameKind.Commit && _reader.Sequence > Last;
        Damage(_reader.At, $"a record of kind {(int)_reader.Kind} with sequence {_reader.Sequence} cannot stand behind commit {Last}", isAhead ? _reader.Sequence - 1 : Last);
        if (isAhead)
        {
            Last = _reader.Sequence;
            IsClosed = false;
        }

        return isAhead && Last > _after;
    }

    /// <summary>At something that is no whole record: whether reading goes on behind it.</summary>
    private bool PassOver(FrameStatus status)
    {
        long at = _reader.Position;
        string problem = status == FrameStatus.Altered ? FrameReader.Altered : "the record here is broken";
        long durable = 0;
        if (status == FrameStatus.Broken)
        {
            durable = DurableBehind();
            if (durable > Last)
            {
                problem += $", although the one at offset {_reader.At} says that it was on stable storage";
            }
            else if (_successor == 0)
            {
                _reader.Position = at;
                TornBytes = _reader.EndOfContent() - at;
                return false;
            }
        }

        _reader.Position = at;
        if (_how.Damaged is null)
        {
            throw new StoreDamagedException(Path, at, Last + 1, problem, durable);
        }

        bool goesOn = _reader.Resume(Last);
        IsBrokenOff = !goesOn;
        long lost = goesOn ? _reader.Sequence - (_reader.Kind is FrameKind.Commit or FrameKind.Time ? 1 : 0) : _successor - 1;
        Damage(at, problem, lost);
        Last = Math.Max(Last, lost);
        return goesOn;
    }

    /// <summary>The first commit that a whole record behind what is broken here says was on stable storage, though it is not before it; 0 when there is none.</summary>
    private long DurableBehind()
    {
        while (_reader.Seek(Last))
        {
            if (_reader.Durable > Last)
            {
                return _reader.Durable;
            }
        }

        return 0;
    }

    /// <summary>Where the header does not say, the first whole record does.</summary>
    private long GuessFirst(long after)
    {
        long start = _reader.Position;
        bool isFound = _reader.IsAtRecord || _reader.Seek(after);
        _reader.Position = start;
        return !isFound ? after + 1 : _reader.Sequence + (_reader.Kind is FrameKind.Commit or FrameKind.Time ? 0 : 1);
    }

    /// <summary>Tells of damage that costs the commits up to <paramref name="lost"/>: -1 when that is not known.</summary>
    private void Damage(long at, string problem, long lost)
    {
        bool costs = lost < 0 || lost > Last || _how.Damaged is null;
        _how.Meet(new StoreDamagedException(Path, at, costs ? Last + 1 : 0, problem, lost > Last ? lost : 0));
    }
}
