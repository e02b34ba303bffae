using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Larder.AspNetCore.Tests.Corpus;

/// <summary>One connection that sends requests exactly as they are written; clients of the platform would tidy them.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private readonly StringBuilder _received = new();
    private readonly byte[] _buffer = new byte[16 * 1024];

    internal static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(address.Host, address.Port);
        return connection;
    }

    /// <summary>Status and body of the answer, which must tell its length.</summary>
    internal async Task<(int Status, string Body)> AskAsync(CorpusRequest request)
    {
        NetworkStream stream = _client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request.OnTheWire()));
        int end;
        while ((end = _received.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            await ReceiveAsync(stream, request);
        }

        string head = _received.ToString(0, end);
        int status = int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture);
        string? length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        int body = length is null || request.Method == "HEAD" ? 0 : int.Parse(length.AsSpan(15), CultureInfo.InvariantCulture);
        while (_received.Length < end + 4 + body)
        {
            await ReceiveAsync(stream, request);
        }

        string content = _received.ToString(end + 4, body);
        _received.Clear();
        return (status, content);
    }

    private async Task ReceiveAsync(NetworkStream stream, CorpusRequest request)
    {
        int read = await stream.ReadAsync(_buffer);
        _received.Append(read > 0 ? Encoding.Latin1.GetString(_buffer, 0, read) : throw new IOException($"the server hung up at {request}"));
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
