using System.Buffers.Binary;
using Larder.Durability;

namespace Larder.Tests.Crash;

/// <summary>
/// Planted: checksums are ignored. Whatever is read comes with checksums that fit, as far as it can be taken for records at all.
/// </summary>
internal sealed class WithoutChecksums(IFiles inner) : ForwardingFiles(inner)
{
    public override IFile Open(string name, bool writes = false) => writes ? base.Open(name, writes) : new Mended(base.Open(name));

    private sealed class Mended : ForwardingFile
    {
        private readonly byte[] _content;

        public Mended(IFile inner)
            : base(inner)
        {
            _content = new byte[inner.Length];
            inner.Read(_content, 0);
            if (_content.Length >= FileHeader.Size)
            {
                Mend(BinaryPrimitives.ReadUInt64LittleEndian(_content.AsSpan(44)));
            }
        }

        public override int Read(Span<byte> destination, long offset)
        {
            ReadOnlySpan<byte> there = _content.AsSpan((int)Math.Min(offset, _content.Length));
            there = there[..Math.Min(there.Length, destination.Length)];
            there.CopyTo(destination);
            return there.Length;
        }

        private void Mend(ulong salt)
        {
            for (int at = FileHeader.Size; at + Frame.HeaderSize <= _content.Length;)
            {
                Span<byte> rest = _content.AsSpan(at);
                int payload = Frame.PayloadOf(rest);
                if (payload < 0 || payload > rest.Length - Frame.HeaderSize || Frame.SizeOf(payload) > rest.Length || (int)Frame.KindOf(rest) == 0)
                {
                    return;
                }

                Span<byte> whole = rest[..Frame.SizeOf(payload)];
                whole[(Frame.HeaderSize + payload)..].Clear();
                Frame.Stamp(whole, salt, Frame.DurableOf(whole), cipher: null);
                at += whole.Length;
            }
        }
    }
}
