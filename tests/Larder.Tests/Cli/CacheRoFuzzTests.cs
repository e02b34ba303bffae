using Larder.Cli.Transfer;
using Larder.Tests.Durability;
using Xunit;

namespace Larder.Tests.Cli;

/// <summary>
/// Very many damaged and invented buckets are read. Each is read or refused with its place; none makes the reader throw anything else, or take memory that
/// the file does not account for.
/// </summary>
public sealed class CacheRoFuzzTests
{
    /// <summary>A string, an entry and their places in two tables, for three bytes of a file, and a message that quotes a key.</summary>
    private const int BytesForEachByte = 128;
    private const int BytesForAnyFile = 64 * 1024;

    [Fact]
    public void Damaged_and_invented_buckets_are_read_or_refused()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("LARDER_SEED"), out int given) ? given : Random.Shared.Next();
        int rounds = RealFiles.IsSlow ? 2_000_000 : 50_000;
        int refused = 0, read = 0, values = 0;
        double most = 0;
        for (int round = 0; round < rounds; round++)
        {
            var random = new Random(seed + round);
            byte[] content = round % 4 == 0 ? Invented(random) : Damaged(random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                List<BucketEntry> entries = BucketEntry.ReadAll("cache_00.bin", content);
                Assert.True(entries.Sum(entry => entry.Value.Length) <= content.Length);
                read++;
                values += entries.Count(entry => IsReadable(entry, random));
            }
            catch (FormatException bad)
            {
                Assert.Matches(@"^cache_00\.bin at offset \d+: ", bad.Message);
                refused++;
            }
            catch (Exception unexpected) when (unexpected is not Xunit.Sdk.XunitException)
            {
                throw new InvalidOperationException($"LARDER_SEED={seed + round}: {unexpected.Message}; {Convert.ToHexString(content)}", unexpected);
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            most = Math.Max(most, allocated - ((long)BytesForEachByte * content.Length));
            Assert.True(allocated <= BytesForAnyFile + ((long)BytesForEachByte * content.Length), $"LARDER_SEED={seed + round}: {allocated} bytes for {content.Length}");
        }

        Figures.Print($"import fuzz: {rounds} buckets, {refused} refused, {read} read, {values} values decoded, unhandled 0, seed {seed}");
        Assert.True(refused > 0 && read > 0 && values > 0);
    }

    [Fact]
    public void Every_number_comes_back_as_it_was_written()
    {
        var random = new Random(7);
        for (int i = 0; i < 100_000; i++)
        {
            Int128 number = new Int128((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue)) >> random.Next(128);
            var reader = new BucketReader(BucketWriter.Signed(number));
            Assert.Equal(number, reader.Signed("n"));
            reader.End("n");
            var again = new BucketReader(BucketWriter.Unsigned((UInt128)number));
            Assert.Equal((UInt128)number, again.Unsigned("n"));
            again.End("n");
        }
    }

    private static bool IsReadable(BucketEntry entry, Random random)
    {
        string[] types = [.. BucketValue.Types];
        try
        {
            BucketValue.Read(entry, types[random.Next(types.Length)]);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static byte[] Damaged(Random random)
    {
        var bucket = new BucketWriter();
        for (int count = random.Next(6); count > 0; count--)
        {
            byte[] value = random.Next(3) switch
            {
                0 => BucketWriter.Text(new string('v', random.Next(300))),
                1 => BucketWriter.Signed(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64)),
                _ => Invented(random),
            };
            bucket.Add($"key{count}{new string('k', random.Next(260))}", value, (UInt128)random.NextInt64() >> random.Next(64));
        }

        List<byte> bytes = [.. bucket.Bytes];
        for (int harm = random.Next(4); harm > 0 && bytes.Count > 0; harm--)
        {
            int at = random.Next(random.Next(2) == 0 ? Math.Min(8, bytes.Count) : bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(250, 256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, Invented(random));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    private static byte[] Invented(Random random)
    {
        byte[] bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = random.Next(4) == 0 ? bytes[i] : (byte)random.Next(4);   // small lengths lead further in
        }

        return bytes;
    }
}
