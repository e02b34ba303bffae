using System.Buffers.Binary;
using System.IO.Compression;

namespace Larder.Cli.Tour;

/// <summary>
/// The requests of a real web server on one day: which page, in order, and how large each page is. The format is described in
/// samples/data/README.md.
/// </summary>
internal sealed class WebTrace
{
    private const int HeaderBytes = 32;

    private WebTrace(int[] requests, int[] sizes)
    {
        Requests = requests;
        Sizes = sizes;
    }

    /// <summary>The number of the page that each request asked for.</summary>
    public int[] Requests { get; }

    /// <summary>The bytes of each page.</summary>
    public int[] Sizes { get; }

    public int Pages => Sizes.Length;

    public long BytesOfPages => Sizes.Sum(size => (long)size);

    public long BytesServed => Requests.Sum(page => (long)Sizes[page]);

    /// <summary>The trace that travels inside the tool.</summary>
    public static WebTrace Embedded()
    {
        using Stream resource = typeof(WebTrace).Assembly.GetManifestResourceStream("nasa-http.ctrace.gz")
            ?? throw new InvalidOperationException("the trace is missing from the tool.");
        return Read(resource);
    }

    /// <summary>Reads a compressed trace that has sizes.</summary>
    /// <exception cref="InvalidDataException">The stream holds no such trace.</exception>
    internal static WebTrace Read(Stream compressed)
    {
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionMode.Decompress))
        {
            gzip.CopyTo(unpacked);
        }

        ReadOnlySpan<byte> content = unpacked.GetBuffer().AsSpan(0, (int)unpacked.Length);
        if (content.Length < HeaderBytes || !content.StartsWith("CTRACE01"u8) || (content[8] & 1) == 0)
        {
            throw new InvalidDataException("the stream holds no trace with sizes.");
        }

        var requests = new int[BinaryPrimitives.ReadInt64LittleEndian(content[16..])];
        var sizes = new int[BinaryPrimitives.ReadInt64LittleEndian(content[24..])];
        content = content[HeaderBytes..];
        long page = 0;
        for (int i = 0; i < requests.Length; i++)
        {
            ulong zigzag = ReadVarInt(ref content);
            page += (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
            requests[i] = (int)page;
        }

        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = (int)ReadVarInt(ref content);
        }

        return new WebTrace(requests, sizes);
    }

    private static ulong ReadVarInt(ref ReadOnlySpan<byte> content)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = content[0];
            content = content[1..];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }
    }
}
