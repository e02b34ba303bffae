using System.Security.Cryptography;
using Larder.Comparisons.Inputs;

namespace Larder.Comparisons.Peers.Durable;

/// <summary>
/// The other old design: entries spread over 256 files by the SHA-256 of their keys, and a put writes the whole file of its key
/// anew, without a flush.
/// </summary>
internal sealed class BucketFiles : DurablePeer
{
    public const string Title = "a bucket file rewritten by each put";

    private const int Buckets = 256;

    private readonly Dictionary<string, byte[]>[] _buckets = [.. Enumerable.Range(0, Buckets).Select(_ => new Dictionary<string, byte[]>())];
    private readonly string _directory;

    public BucketFiles(string directory)
        : base(Title)
    {
        _directory = Directory.CreateDirectory(directory).FullName;
    }

    public override void Put(int thread, string key, byte[] value)
    {
        int bucket = BucketOf(key);
        lock (_buckets[bucket])
        {
            _buckets[bucket][key] = [.. value];
            Write(bucket);
        }
    }

    public override void Load(string[] keys, byte[][] values)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            _buckets[BucketOf(keys[i])][keys[i]] = [.. values[i % values.Length]];
        }

        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            Write(bucket);
        }
    }

    public override bool Get(string key, ref long sum)
    {
        Dictionary<string, byte[]> bucket = _buckets[BucketOf(key)];
        lock (bucket)
        {
            return bucket.ContainsKey(key);
        }
    }

    public override void Dispose()
    {
    }

    /// <summary>The high halves of the first two bytes of the hash.</summary>
    private static int BucketOf(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Keys.Utf8(key, stackalloc byte[Keys.Room]), hash);
        return (hash[0] & 0xF0) | (hash[1] >> 4);
    }

    private void Write(int bucket)
    {
        using var file = new FileStream(Path.Combine(_directory, $"cache_{bucket:x2}.bin"), FileMode.Create);
        using var writer = new BinaryWriter(file);
        writer.Write7BitEncodedInt(_buckets[bucket].Count);
        foreach ((string key, byte[] value) in _buckets[bucket])
        {
            writer.Write(key);
            writer.Write7BitEncodedInt(value.Length);
            writer.Write(value);
            writer.Write7BitEncodedInt64(0);   // its deadline
        }
    }
}
