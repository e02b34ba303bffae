using System.Buffers.Binary;
using Larder.Changes;

namespace Larder.Durability;

/// <summary>Reads one checkpoint: all of it or not at all; or, where damage is told rather than thrown, what is left of it.</summary>
internal sealed class CheckpointReader(FrameReader reader, Reading how)
{
    private ReadOnlyMemory<byte> _rest;   // of the present block
    private long _blocks;
    private long _checksums;
    private bool _hasBegun;
    private bool _hasEnded;

    /// <summary>The last commit that it holds.</summary>
    internal long Sequence { get; private set; } = reader.Header.FirstSequence;

    /// <summary>The segment in which the log goes on; 0 when there is none.</summary>
    internal long NextSegment { get; private set; }

    /// <summary>The store's clock when it was made.</summary>
    internal long Time { get; private set; }

    /// <summary>Versions of entries that were read.</summary>
    internal long Versions { get; private set; }

    /// <summary>Whole records that were read.</summary>
    internal long Records { get; private set; }

    /// <summary>Whether damage was told.</summary>
    internal bool IsDamaged { get; private set; }

    /// <summary>Hands its entries to a target, or only verifies it.</summary>
    /// <exception cref="StoreDamagedException">It is damaged or incomplete; what was handed over must be forgotten.</exception>
    internal void Read(IChangeTarget? target)
    {
        while (Next(out Change change))
        {
            target?.Apply(change);
        }
    }

    /// <summary>The next version of an entry, in memory that is valid until the one after it; false at the end.</summary>
    /// <exception cref="StoreDamagedException">It is damaged or incomplete.</exception>
    internal bool Next(out Change change)
    {
        while (!_rest.IsEmpty || NextBlock())
        {
            if (ChangeCodec.TryRead(ref _rest, Sequence, out change) && change is { Kind: ChangeKind.Set, IsTouch: false } && change.Version <= Sequence)
            {
                Versions++;
                return true;
            }

            Damage(reader.At, "an entry makes no sense");
            _rest = default;
        }

        change = default;
        return false;
    }

    private bool NextBlock()
    {
        while (!_hasEnded && Advance())
        {
            if (Take())
            {
                return true;
            }
        }

        _hasEnded = true;
        return false;
    }

    /// <summary>Reads the next record, whatever it is.</summary>
    private bool Advance()
    {
        for (FrameStatus status; (status = reader.Next()) != FrameStatus.Intact;)
        {
            Damage(reader.Position, status == FrameStatus.Altered ? FrameReader.Altered : "the checkpoint is damaged or cut off here");
            if (!reader.Resume(_blocks))
            {
                return false;
            }
        }

        Records++;
        return true;
    }

    /// <summary>Takes the record that was read; whether it is a block of entries.</summary>
    private bool Take()
    {
        ReadOnlySpan<byte> payload = reader.Payload.Span;
        bool begins = !_hasBegun;
        _hasBegun = true;
        switch (reader.Kind)
        {
            case FrameKind.ImageBegin when begins && payload.Length == 16 && (reader.Sequence == Sequence || reader.Header.IsGuess):
                Sequence = reader.Sequence;
                NextSegment = reader.IsBlind ? 0 : BinaryPrimitives.ReadInt64LittleEndian(payload);
                Time = reader.IsBlind ? reader.Header.Created : BinaryPrimitives.ReadInt64LittleEndian(payload[8..]);
                return false;
            case FrameKind.Image when !begins || IsDamaged:
                TakeBlock();
                return !_rest.IsEmpty;
            case FrameKind.ImageEnd when !begins || IsDamaged:
                TakeEnd(payload);
                return false;
            default:
                Damage(reader.At, begins ? "it does not begin as it should" : $"a record of kind {(int)reader.Kind} does not belong here");
                return false;
        }
    }

    private void TakeBlock()
    {
        if (reader.Sequence != _blocks)
        {
            Damage(reader.At, "a block of entries is missing");
        }

        _blocks = reader.Sequence + 1;
        _checksums += reader.Checksum;
        _rest = reader.IsBlind ? default : reader.Payload;
    }

    private void TakeEnd(ReadOnlySpan<byte> payload)
    {
        _hasEnded = true;
        bool agrees = payload.Length == 16 && (reader.IsBlind
            || (BinaryPrimitives.ReadInt64LittleEndian(payload) == Versions && BinaryPrimitives.ReadInt64LittleEndian(payload[8..]) == _checksums));
        if (!agrees)
        {
            Damage(reader.At, "it does not hold what its end says");
        }

        if (reader.Position != reader.Length)
        {
            Damage(reader.Position, "something follows its end");
        }
    }

    /// <summary>Only the first damage is of interest: what comes after follows from it.</summary>
    private void Damage(long at, string problem)
    {
        if (!IsDamaged)
        {
            IsDamaged = true;
            how.Meet(new StoreDamagedException(reader.Path, at, 1, problem, Sequence));
        }
    }
}
