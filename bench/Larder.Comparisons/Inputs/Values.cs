namespace Larder.Comparisons.Inputs;

/// <summary>The values that writers hand over: random bytes, a power of two of them, so that a loop can take them in turn.</summary>
internal static class Values
{
    public const int Bytes = 100;

    public static byte[][] Make()
    {
        var random = new Random(4);
        var values = new byte[64][];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = new byte[Bytes];
            random.NextBytes(values[i]);
        }

        return values;
    }
}
