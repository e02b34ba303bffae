using System.Buffers.Binary;
using Larder.Changes;

namespace Larder.Durability;

/// <summary>
/// Writes one checkpoint: a beginning, blocks of entries, an end that says how much there must be. Under a temporary name until it is whole, flushed,
/// and was read back.
/// </summary>
internal static class CheckpointWriter
{
    /// <summary>Blocks of about this size: large enough to be written well, small enough to be checked and decrypted in a processor's cache.</summary>
    private const int BlockBytes = 256 * 1024;

    /// <summary>Enough for every field of an entry but key and value.</summary>
    private const int EntryOverhead = 48;

    /// <summary>Never an entry's version, so that every entry says its own.</summary>
    private const long NoSequence = -1;

    /// <summary>Writes an image and returns how long the file is. When this fails, nothing of it is left.</summary>
    internal static long Write(IFiles files, IChangeImage image, FileHeader header, byte[]? key, long nextSegment, CancellationToken cancellationToken)
    {
        string temporary = FileName.TemporaryOf(FileKind.Checkpoint, header.Number);
        try
        {
            long length;
            using (IFile file = files.Create(temporary))
            using (FileCipher? cipher = key is null ? null : new FileCipher(key, header))
            {
                length = Write(file, image, header, cipher, nextSegment, cancellationToken);
                file.Sync();
            }

            Verify(files, temporary, header, key);
            files.Rename(temporary, FileName.Of(FileKind.Checkpoint, header.Number));
            files.SyncDirectory();
            return length;
        }
        catch
        {
            Remove(files, temporary);
            throw;
        }
    }

    private static long Write(IFile file, IChangeImage image, FileHeader header, FileCipher? cipher, long nextSegment, CancellationToken cancellationToken)
    {
        var block = new BlockWriter(file, header, cipher);
        Span<byte> begin = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(begin, nextSegment);
        BinaryPrimitives.WriteInt64LittleEndian(begin[8..], image.Now);
        block.Write(FrameKind.ImageBegin, image.Sequence, begin);
        long entries = 0;
        while (image.Next(out Change change))
        {
            Span<byte> place = block.Room(EntryOverhead + change.Utf8Key.Length + change.Value.Length);
            block.Count(ChangeCodec.Write(place, change, NoSequence));
            entries++;
            if (entries % 1024 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        block.Flush();
        Span<byte> end = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(end, entries);
        BinaryPrimitives.WriteInt64LittleEndian(end[8..], block.Checksums);
        block.Write(FrameKind.ImageEnd, image.Sequence, end);
        return block.Position;
    }

    /// <summary>What was written must be readable, before anything relies on it.</summary>
    private static void Verify(IFiles files, string name, FileHeader header, byte[]? key)
    {
        var how = new Reading { Key = key };
        using FrameReader reader = FrameReader.Open(files, FileKind.Checkpoint, header.Number, how, out string problem, name)
            ?? throw new StoreDamagedException(Path.Combine(files.Path, name), 0, header.FirstSequence, problem);
        new CheckpointReader(reader, how).Read(target: null);
    }

    private static void Remove(IFiles files, string name)
    {
        try
        {
            files.Delete(name);
        }
        catch (IOException)
        {
            // It is only in the way; the next opening removes it.
        }
    }

    /// <summary>Collects entries and writes them block by block.</summary>
    private sealed class BlockWriter
    {
        private readonly IFile _file;
        private readonly ulong _salt;
        private readonly FileCipher? _cipher;
        private byte[] _bytes = new byte[BlockBytes / 64];   // a small store has a small image
        private int _length = Frame.HeaderSize;
        private long _blocks;

        internal BlockWriter(IFile file, FileHeader header, FileCipher? cipher)
        {
            _file = file;
            _salt = header.Salt;
            _cipher = cipher;
            Span<byte> bytes = stackalloc byte[FileHeader.Size];
            header.WriteTo(bytes);
            file.Write(bytes, 0);
            Position = FileHeader.Size;
            if (cipher is not null)
            {
                Write(FrameKind.KeyCheck, 0, default);
            }
        }

        internal long Position { get; private set; }

        /// <summary>The sum of the checksums of all blocks of entries.</summary>
        internal long Checksums { get; private set; }

        /// <summary>A place for this many bytes, in this block or the next.</summary>
        internal Span<byte> Room(int bytes)
        {
            int needed = _length + bytes + Frame.TagSize + 8;
            if (needed > BlockBytes)
            {
                Flush();
                needed = _length + bytes + Frame.TagSize + 8;
            }

            if (needed > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(needed, Math.Min(2 * _bytes.Length, BlockBytes)));
            }

            return _bytes.AsSpan(_length);
        }

        internal void Count(int bytes) => _length += bytes;

        internal void Flush()
        {
            if (_length > Frame.HeaderSize)
            {
                Checksums += WriteFrame(FrameKind.Image, _blocks++, _bytes, _length - Frame.HeaderSize);
                _length = Frame.HeaderSize;
            }
        }

        internal void Write(FrameKind kind, long sequence, ReadOnlySpan<byte> content)
        {
            var bytes = new byte[Frame.SizeOf(content.Length + Frame.TagSize)];
            content.CopyTo(bytes.AsSpan(Frame.HeaderSize));
            WriteFrame(kind, sequence, bytes, content.Length);
        }

        private uint WriteFrame(FrameKind kind, long sequence, byte[] bytes, int content)
        {
            int payload = content + (_cipher is null ? 0 : Frame.TagSize);
            Span<byte> frame = bytes.AsSpan(0, Frame.SizeOf(payload));
            Frame.Begin(frame, kind, sequence, payload);
            uint checksum = Frame.Stamp(frame, _salt, sequence, _cipher);
            _file.Write(frame, Position);
            Position += frame.Length;
            return checksum;
        }
    }
}
