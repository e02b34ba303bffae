using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Larder.Comparisons.Peers.Durable;

/// <summary>
/// One connection to Redis that speaks as much of its protocol as puts and gets need: requests gather in a buffer,
/// <see cref="Exchange"/> sends them and reads an answer to each.
/// </summary>
internal sealed class RespConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _requests = new byte[1 << 18];
    private readonly byte[] _answers = new byte[1 << 18];
    private int _filled;
    private int _at;
    private int _received;

    public RespConnection(string socket) => _socket.Connect(new UnixDomainSocketEndPoint(socket));

    /// <summary>Requests that have not been answered yet.</summary>
    public int Waiting { get; private set; }

    public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Begin(3);
        Word("SET"u8);
        Word(key);
        Word(value);
    }

    /// <summary>The length of the value; -1 when there is none.</summary>
    public int Get(ReadOnlySpan<byte> key)
    {
        Begin(2);
        Word("GET"u8);
        Word(key);
        return Exchange();
    }

    /// <summary>Sends what has gathered and reads all answers; returns the length of the last one that was a value.</summary>
    public int Exchange()
    {
        for (int sent = 0; sent < _filled;)
        {
            sent += _socket.Send(_requests.AsSpan(sent, _filled - sent));
        }

        _filled = 0;
        int length = -1;
        for (; Waiting > 0; Waiting--)
        {
            length = Answer();
        }

        return length;
    }

    public void Dispose() => _socket.Dispose();

    private void Begin(int words)
    {
        Header((byte)'*', words);
        Waiting++;
    }

    private void Word(ReadOnlySpan<byte> word)
    {
        Header((byte)'$', word.Length);
        word.CopyTo(_requests.AsSpan(_filled));
        _filled += word.Length;
        EndLine();
    }

    private void Header(byte kind, int number)
    {
        _requests[_filled++] = kind;
        Utf8Formatter.TryFormat(number, _requests.AsSpan(_filled), out int written);
        _filled += written;
        EndLine();
    }

    private void EndLine()
    {
        _requests[_filled++] = (byte)'\r';
        _requests[_filled++] = (byte)'\n';
    }

    private int Answer()
    {
        ReadOnlySpan<byte> line = Line();
        switch (line[0])
        {
            case (byte)'-':
                throw new InvalidOperationException($"Redis: {Encoding.UTF8.GetString(line)}");
            case (byte)'$' when Utf8Parser.TryParse(line[1..], out int length, out _) && length >= 0:
                Need(length + 2);
                _at += length + 2;
                return length;
            default:
                return -1;
        }
    }

    /// <summary>The next line without its end; good until the next read.</summary>
    private ReadOnlySpan<byte> Line()
    {
        while (true)
        {
            int length = _answers.AsSpan(_at, _received - _at).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                _at += length + 2;
                return _answers.AsSpan(_at - length - 2, length);
            }

            Need(_received - _at + 1);
        }
    }

    /// <summary>Receives until this many bytes are there that have not been read.</summary>
    private void Need(int count)
    {
        while (_received - _at < count)
        {
            if (_at > 0)
            {
                _answers.AsSpan(_at, _received - _at).CopyTo(_answers);
                _received -= _at;
                _at = 0;
            }

            int received = _socket.Receive(_answers.AsSpan(_received));
            _received += received > 0 ? received : throw new IOException("Redis closed the connection");
        }
    }
}
