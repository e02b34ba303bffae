using Larder.Comparisons.Inputs;

namespace Larder.Comparisons.Peers.Durable;

/// <summary>
/// Redis on this machine, a connection for each thread. <em>Always</em> flushes its append-only file before it answers, for all requests
/// that it found waiting at once; <em>everysec</em> flushes it once a second. In a pipeline a thread sends some requests before it
/// reads their answers.
/// </summary>
internal sealed class RedisPeer : DurablePeer
{
    public const string Flushing = "Redis always";
    public const string Pipelined = "Redis everysec, pipelined 64";

    private const int Pipeline = 64;

    /// <summary>No rewriting of the append-only file: nothing but the puts themselves.</summary>
    private static readonly string[] _noRewrite = ["--auto-aof-rewrite-percentage", "0"];

    private readonly RedisServer _server;
    private readonly RespConnection[] _connections;
    private readonly int _depth;

    private RedisPeer(string name, string directory, int threads, int depth, params ReadOnlySpan<string> settings)
        : base(name)
    {
        _server = new RedisServer(directory, settings);
        _connections = [.. Enumerable.Range(0, threads).Select(_ => new RespConnection(_server.Socket))];
        _depth = depth;
    }

    public TimeSpan ProcessorTime => _server.ProcessorTime;

    /// <summary>One that flushes before it answers.</summary>
    public static RedisPeer Always(string directory, int threads) =>
        new(Flushing, directory, threads, 1, ["--appendfsync", "always", .. _noRewrite]);

    /// <summary>One that flushes every second, with one pipelined connection.</summary>
    public static RedisPeer EverySecond(string directory) =>
        new(Pipelined, directory, 1, Pipeline, ["--appendfsync", "everysec", .. _noRewrite]);

    /// <summary>One that is set up as the distribution does it, on files that may be there already.</summary>
    public static RedisPeer Reopened(string directory) => new("Redis", directory, 1, 1);

    public override void Put(int thread, string key, byte[] value)
    {
        RespConnection connection = _connections[thread];
        connection.Set(Keys.Utf8(key, stackalloc byte[Keys.Room]), value);
        if (connection.Waiting >= _depth)
        {
            connection.Exchange();
        }
    }

    public override void Finish(int thread) => _connections[thread].Exchange();

    public override void Load(string[] keys, byte[][] values)
    {
        RespConnection connection = _connections[0];
        Span<byte> room = stackalloc byte[Keys.Room];
        for (int i = 0; i < keys.Length; i++)
        {
            connection.Set(Keys.Utf8(keys[i], room), values[i % values.Length]);
            if (connection.Waiting == Batch)
            {
                connection.Exchange();
            }
        }

        connection.Exchange();
    }

    public override bool Get(string key, ref long sum)
    {
        int length = _connections[0].Get(Keys.Utf8(key, stackalloc byte[Keys.Room]));
        sum += length;
        return length >= 0;
    }

    public override void Dispose()
    {
        foreach (RespConnection connection in _connections)
        {
            connection.Dispose();
        }

        _server.Dispose();
    }
}
