namespace Larder.Durability;

/// <summary>What stands at a place of a file.</summary>
internal enum FrameStatus
{
    /// <summary>A whole record.</summary>
    Intact,

    /// <summary>Nothing but zeros up to the end of the file.</summary>
    Nothing,

    /// <summary>Something that is no whole record.</summary>
    Broken,

    /// <summary>A whole record that was not made with the key of the file: it was altered, or comes from elsewhere.</summary>
    Altered,
}

/// <summary>
/// Reads one file of a store from its header on, record by record, through a window of bounded size. Nothing that a file says of a length is
/// believed before it is compared with the bytes that are left.
/// </summary>
internal sealed class FrameReader : IDisposable
{
    /// <summary>What to say of <see cref="FrameStatus.Altered"/>.</summary>
    internal const string Altered = "the record is whole but does not decrypt: it was altered, or comes from elsewhere";

    private const int WindowBytes = 256 * 1024;

    /// <summary>The most bytes that a search checksums: far more than a torn tail gives reason for.</summary>
    private const long SeekBudget = 4L << 30;

    private readonly IFile _file;
    private readonly FileCipher? _cipher;
    private readonly Action<long>? _step;
    private byte[] _window;
    private long _windowAt;
    private int _windowLength;
    private Memory<byte> _frame;   // without its padding

    private FrameReader(IFile file, string path, FileHeader header, FileCipher? cipher, Action<long>? step)
    {
        _file = file;
        Path = path;
        Header = header;
        _cipher = cipher;
        _step = step;
        Length = file.Length;
        _window = new byte[(int)Math.Min(WindowBytes, Math.Max(Length, FileHeader.Size))];
        Position = FileHeader.Size;
    }

    internal string Path { get; }

    internal FileHeader Header { get; }

    /// <summary>Whether content cannot be read, because it is encrypted and there is no key.</summary>
    internal bool IsBlind => Header.IsEncrypted && _cipher is null;

    /// <summary>The length of the file when it was opened.</summary>
    internal long Length { get; }

    /// <summary>Where <see cref="Next"/> goes on.</summary>
    internal long Position { get; set; }

    /// <summary>Where the record begins that was read last.</summary>
    internal long At { get; private set; }

    /// <summary>Whether there is a whole record at <see cref="Position"/>; its kind and sequence can then be asked for.</summary>
    internal bool IsAtRecord => TryPeek(Position, out _);

    internal FrameKind Kind => Frame.KindOf(_frame.Span);

    internal long Sequence => Frame.SequenceOf(_frame.Span);

    internal long Durable => Frame.DurableOf(_frame.Span);

    internal uint Checksum => Frame.ChecksumOf(_frame.Span);

    /// <summary>The content of the record; valid until the next one is read. Of a blind reader only its length means anything.</summary>
    internal ReadOnlyMemory<byte> Payload => _frame[Frame.HeaderSize..^(Header.IsEncrypted ? Frame.TagSize : 0)];

    /// <summary>
    /// Opens a file whose header is whole. Null, and what is wrong, when it is not.
    /// </summary>
    /// <exception cref="StoreKeyException">The key does not fit the file.</exception>
    internal static FrameReader? Open(IFiles files, FileKind kind, long number, Reading how, out string problem, string? name = null)
    {
        name ??= FileName.Of(kind, number);
        IFile file = files.Open(name);
        try
        {
            if (ReadHeader(file, kind, number, out problem) is { } header)
            {
                return Open(files, file, name, header, how);
            }

            file.Dispose();
            return null;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens a file whose header is damaged, as if what cannot be known from a sibling were right in it. Null when no record agrees with that.
    /// </summary>
    internal static FrameReader? Guess(IFiles files, FileKind kind, long number, Reading how)
    {
        string name = FileName.Of(kind, number);
        IFile file = files.Open(name);
        FrameReader? reader = null;
        try
        {
            var bytes = new byte[FileHeader.Size];
            file.Read(bytes, 0);
            reader = Open(files, file, name, FileHeader.Guess(bytes, kind, number, how.Sibling, how.Key is not null), how);
            long start = reader.Position;
            if (reader.IsAtRecord || reader.Seek(0))
            {
                reader.Position = start;
                return reader;
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        reader.Dispose();
        return null;
    }

    internal static FileHeader? ReadHeader(IFiles files, FileKind kind, long number, out string problem)
    {
        using IFile file = files.Open(FileName.Of(kind, number));
        return ReadHeader(file, kind, number, out problem);
    }

    private static FileHeader? ReadHeader(IFile file, FileKind kind, long number, out string problem)
    {
        Span<byte> bytes = stackalloc byte[FileHeader.Size];
        int length = 0;
        for (int read; length < bytes.Length && (read = file.Read(bytes[length..], length)) > 0;)
        {
            length += read;
        }

        return FileHeader.Read(bytes[..length], kind, number, out problem);
    }

    /// <summary>Reads the record at <see cref="Position"/> and moves behind it; stays where it is when there is none.</summary>
    internal FrameStatus Next()
    {
        if (!TryPeek(Position, out int size))
        {
            return EndOfContent() == Position ? FrameStatus.Nothing : FrameStatus.Broken;
        }

        if (_cipher?.TryDecrypt(_frame.Span) == false)
        {
            return FrameStatus.Altered;
        }

        At = Position;
        Position += size;
        return FrameStatus.Intact;
    }

    /// <summary>
    /// Looks behind <see cref="Position"/>, where no whole record begins, for a later one that may belong to a log which went on behind
    /// <paramref name="last"/>; its sequence and hint can then be asked for. False when there is none. Content is not decrypted.
    /// </summary>
    internal bool Seek(long last)
    {
        long budget = SeekBudget;
        for (long at = Position + 8; at + Frame.HeaderSize <= Length; at += 8)
        {
            ReadOnlySpan<byte> window = Window(at, Frame.HeaderSize).Span;
            int zeros = window.IndexOfAnyExcept((byte)0);
            if (zeros is < 0 or >= 32)
            {
                at += Math.Max(8, ((zeros < 0 ? window.Length : zeros) - Frame.HeaderSize) & ~7) - 8;   // a record begins with no more zeros than these
                continue;
            }

            long sequence = Frame.SequenceOf(window);
            if (sequence < last || sequence - last > Length / Frame.HeaderSize)
            {
                continue;
            }

            budget -= Math.Min(Frame.PayloadOf(window), Length);
            if (budget < 0)
            {
                throw new StoreDamagedException(Path, Position, last + 1, "what follows the last whole record is neither a torn tail nor records, but made to look like many");
            }

            if (TryPeek(at, out int size))
            {
                At = at;
                Position = at + size;
                return true;
            }
        }

        return false;
    }

    /// <summary>Moves to the next whole record behind what is broken here: <see cref="Next"/> reads it. False when there is none.</summary>
    internal bool Resume(long last)
    {
        try
        {
            bool isFound = Seek(last);
            Position = isFound ? At : Position;
            return isFound;
        }
        catch (StoreDamagedException)
        {
            return false;   // there is no end to what looks like one
        }
    }

    /// <summary>The file's last byte that is not zero, from <see cref="Position"/> on, and one more; <see cref="Position"/> when all are.</summary>
    internal long EndOfContent()
    {
        long end = Position;
        for (long at = Position; at < Length;)
        {
            ReadOnlySpan<byte> window = Window(at, 1).Span;
            if (window.IsEmpty)
            {
                break;   // the file has become shorter meanwhile
            }

            int last = window.LastIndexOfAnyExcept((byte)0);
            end = last < 0 ? end : at + last + 1;
            at += window.Length;
        }

        return end;
    }

    public void Dispose()
    {
        _file.Dispose();
        _cipher?.Dispose();
    }

    private static FrameReader Open(IFiles files, IFile file, string name, FileHeader header, Reading how)
    {
        string path = System.IO.Path.Combine(files.Path, name);
        var reader = new FrameReader(file, path, header, CipherFor(files.Path, header, how), how.Step);
        reader.CheckKey(files.Path);
        return reader;
    }

    private static FileCipher? CipherFor(string path, FileHeader header, Reading how) => (header.IsEncrypted, how.Key) switch
    {
        (true, null) when !how.MayBeBlind => throw new StoreKeyException(path, "it is encrypted, and no key was given"),
        (false, not null) => throw new StoreKeyException(path, "it is not encrypted, but a key was given"),
        (true, { } key) => new FileCipher(key, header),
        _ => null,
    };

    /// <summary>The first record of an encrypted file is there for this. A file that ends before it says nothing about the key.</summary>
    private void CheckKey(string path)
    {
        if (!Header.IsEncrypted || !TryPeek(Position, out int size) || Kind != FrameKind.KeyCheck)
        {
            return;
        }

        Position += size;
        if (_cipher?.TryDecrypt(_frame.Span) == false)
        {
            throw new StoreKeyException(path, "the key is not the one it was encrypted with");
        }
    }

    private bool TryPeek(long at, out int size)
    {
        size = 0;
        Memory<byte> start = Window(at, Frame.HeaderSize);
        if (start.Length < Frame.HeaderSize)
        {
            return false;
        }

        int payload = Frame.PayloadOf(start.Span);
        if (payload is < 0 or > Frame.MostPayload || Frame.SizeOf(payload) > Length - at || start.Span[16] == 0)
        {
            return false;
        }

        size = Frame.SizeOf(payload);
        Memory<byte> whole = Window(at, size);
        if (whole.Length < size)
        {
            return false;   // the file has become shorter meanwhile
        }

        _frame = whole[..(Frame.HeaderSize + payload)];
        return Frame.IsIntact(_frame.Span, Header.Salt)
            && !whole.Span[_frame.Length..size].ContainsAnyExcept((byte)0)
            && (!Header.IsEncrypted || payload >= Frame.TagSize);
    }

    /// <summary>The bytes of the file from a place on: as many as asked for or more, fewer at its end.</summary>
    private Memory<byte> Window(long at, int atLeast)
    {
        if (at < _windowAt || at + atLeast > _windowAt + _windowLength)
        {
            Fill(at, atLeast);
        }

        return _window.AsMemory((int)(at - _windowAt), (int)(_windowAt + _windowLength - at));
    }

    private void Fill(long at, int atLeast)
    {
        int kept = 0;
        if (at >= _windowAt && at < _windowAt + _windowLength)
        {
            kept = (int)(_windowAt + _windowLength - at);
            _window.AsSpan((int)(at - _windowAt), kept).CopyTo(_window);
        }

        if (_window.Length < atLeast)
        {
            Array.Resize(ref _window, atLeast);
        }

        _windowAt = at;
        _windowLength = kept;
        for (int read; _windowLength < _window.Length && (read = _file.Read(_window.AsSpan(_windowLength), at + _windowLength)) > 0;)
        {
            _windowLength += read;
        }

        _step?.Invoke(_windowLength - kept);
    }
}
