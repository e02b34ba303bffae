namespace Larder.Cli.Transfer;

/// <summary>The lines of a stream as bytes, so that what is no UTF-8 is found in its line instead of being replaced.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>Longer lines are refused: the largest value a store takes by default, fully escaped, stays well below.</summary>
    private const int MaxLineBytes = 128 * 1024 * 1024;

    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>How many bytes were taken from the stream.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The next line without its end; valid until the next call. Null behind the last one.</summary>
    /// <exception cref="InvalidDataException">The line is longer than the limit.</exception>
    public ReadOnlyMemory<byte>? Next()
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                return Take(searched + length, separator: 1);
            }

            searched = _end - _start;
            if (_atEnd)
            {
                // Without the cast, null would become an empty line by way of byte[].
                return searched > 0 ? Take(searched, separator: 0) : (ReadOnlyMemory<byte>?)null;
            }

            Fill();
        }
    }

    private ReadOnlyMemory<byte> Take(int length, int separator)
    {
        ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, length);
        _start += length + separator;
        return line;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaxLineBytes)
            {
                throw new InvalidDataException($"longer than {MaxLineBytes:N0} bytes");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        BytesRead += read;
        _atEnd = read == 0;
    }
}
