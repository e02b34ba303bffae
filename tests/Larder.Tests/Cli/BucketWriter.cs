using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Larder.Tests.Cli;

/// <summary>Writes bucket files as cache_ro does, from the description of its format; shares no code with what reads them.</summary>
internal sealed class BucketWriter
{
    private readonly List<byte> _bytes = [];
    private int _count;

    /// <summary>The file as a whole.</summary>
    public byte[] Bytes => [.. Unsigned((UInt128)_count), .. _bytes];

    /// <summary>The digits in the name of the bucket that a key belongs into: of so many bytes of its hash the high half.</summary>
    public static string BucketOf(string key, int length) =>
        string.Concat(SHA256.HashData(Encoding.UTF8.GetBytes(key))[..length].Select(one => "0123456789abcdef"[one >> 4]));

    public BucketWriter Add(string key, byte[] value, DateTimeOffset deadline) => Add(key, value, (UInt128)deadline.ToUnixTimeMilliseconds());

    public BucketWriter Add(string key, byte[] value, UInt128 deadline)
    {
        _count++;
        _bytes.AddRange([.. Text(key), .. Unsigned((UInt128)value.Length), .. value, .. Unsigned(deadline)]);
        return this;
    }

    public static byte[] Text(string text) => [.. Unsigned((UInt128)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Signed(Int128 number) => Unsigned((UInt128)((number << 1) ^ (number >> 127)));

    public static byte[] Unsigned(UInt128 number)
    {
        byte[] all = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(all, number);
        return number < 251 ? [all[15]]
            : number <= ushort.MaxValue ? [251, .. all[14..]]
            : number <= uint.MaxValue ? [252, .. all[12..]]
            : number <= ulong.MaxValue ? [253, .. all[8..]]
            : [254, .. all];
    }
}
