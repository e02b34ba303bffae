using System.Buffers.Binary;
using Larder.Changes;

namespace Larder.Durability;

/// <summary>Reads one checkpoint, all of it or not at all.</summary>
internal sealed class CheckpointReader(FrameReader reader)
{
    /// <summary>The last commit that it holds.</summary>
    internal long Sequence => reader.Header.FirstSequence;

    /// <summary>The segment in which the log goes on; 0 when there is none.</summary>
    internal long NextSegment { get; private set; }

    /// <summary>The store's clock when it was made.</summary>
    internal long Time { get; private set; }

    internal long Entries { get; private set; }

    internal long Records { get; private set; }

    /// <summary>Hands its entries to a target, or only verifies it.</summary>
    /// <exception cref="StoreDamagedException">It is damaged or incomplete; what was handed over must be forgotten.</exception>
    internal void Read(IChangeTarget? target, Action? step = null)
    {
        Expect(FrameKind.ImageBegin, 16);
        NextSegment = BinaryPrimitives.ReadInt64LittleEndian(reader.Payload.Span);
        Time = BinaryPrimitives.ReadInt64LittleEndian(reader.Payload.Span[8..]);
        long checksums = 0;
        long blocks = 0;
        while (Next() == FrameKind.Image)
        {
            if (reader.Sequence != blocks++)
            {
                throw Damage(reader.At, "a block of entries is missing");
            }

            checksums += reader.Checksum;
            ReadBlock(target);
            step?.Invoke();
        }

        if (reader.Kind != FrameKind.ImageEnd || reader.Payload.Length != 16
            || BinaryPrimitives.ReadInt64LittleEndian(reader.Payload.Span) != Entries
            || BinaryPrimitives.ReadInt64LittleEndian(reader.Payload.Span[8..]) != checksums)
        {
            throw Damage(reader.At, "it does not hold what its end says");
        }

        if (reader.Position != reader.Length)
        {
            throw Damage(reader.Position, "something follows its end");
        }
    }

    private void Expect(FrameKind kind, int bytes)
    {
        if (Next() != kind || reader.Sequence != Sequence || reader.Payload.Length != bytes)
        {
            throw Damage(reader.At, "it does not begin as it should");
        }
    }

    private FrameKind Next()
    {
        if (reader.Next() != FrameStatus.Intact)
        {
            throw Damage(reader.Position, "the checkpoint is damaged or cut off here");
        }

        Records++;
        return reader.Kind;
    }

    private void ReadBlock(IChangeTarget? target)
    {
        ReadOnlyMemory<byte> rest = reader.Payload;
        while (!rest.IsEmpty)
        {
            if (!ChangeCodec.TryRead(ref rest, Sequence, out Change change) || change.Kind != ChangeKind.Set || change.Version > Sequence)
            {
                throw Damage(reader.At, "an entry makes no sense");
            }

            Entries++;
            target?.Apply(change);
        }
    }

    private StoreDamagedException Damage(long at, string problem) => new(reader.Path, at, 1, problem, Sequence);
}
