using System.Buffers.Binary;

namespace Larder.Tests.Child;

/// <summary>What one step of a writer does.</summary>
internal enum StepKind
{
    Set,
    SetWithDeadline,
    Touch,
    Increment,
    Remove,
    RemoveInBatch,
    Batch,
}

/// <summary>One step of one writer: a call on keys that nobody else writes, but for the shared counter of a batch.</summary>
internal readonly record struct Step(StepKind Kind, int Key, int Length, ulong Fill)
{
    /// <summary>The value that the step sets.</summary>
    public byte[] Value()
    {
        byte[] value = new byte[Length];
        ulong state = Fill;
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        for (int at = 0; at < value.Length; at += word.Length)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, Plan.Mix(state++));
            word[..Math.Min(word.Length, value.Length - at)].CopyTo(value.AsSpan(at));
        }

        return value;
    }

    /// <summary>The deadline that the step sets: far away, so that nothing expires, and in whole seconds.</summary>
    public DateTimeOffset Deadline => new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(Fill % 1_000_000);

    /// <summary>What the step adds to a counter.</summary>
    public long By => (long)(Fill % 1000) - 300;
}

/// <summary>
/// What the writers do, step by step: a function of the cycle, the writer and the number of the step, so that writer and oracle need not
/// tell each other. It does not depend on what the store holds.
/// </summary>
internal static class Plan
{
    /// <summary>Keys for values and keys for counters that each writer has.</summary>
    public const int Keys = 20;

    /// <summary>How many versions the stores of these tests keep.</summary>
    public const int Versions = 3;

    /// <summary>The counter that every batch of every writer adds 1 to.</summary>
    public const string Shared = "shared";

    public static string Prefix(int writer) => $"writer{writer}/";

    public static string ValueKey(int writer, int key) => $"{Prefix(writer)}value{key}";

    public static string CounterKey(int writer, int key) => $"{Prefix(writer)}counter{key % 4}";

    /// <summary>The two keys that a batch sets to one value.</summary>
    public static string TwinKey(int writer, int twin) => $"{Prefix(writer)}twin{twin}";

    public static Step At(int cycle, int writer, long number)
    {
        ulong fill = Mix(((ulong)cycle << 40) ^ ((ulong)writer << 32) ^ (ulong)number);
        ulong dice = Mix(fill);
        StepKind kind = (dice % 100) switch
        {
            < 45 => StepKind.Set,
            < 55 => StepKind.SetWithDeadline,
            < 60 => StepKind.Touch,
            < 75 => StepKind.Increment,
            < 80 => StepKind.Remove,
            < 84 => StepKind.RemoveInBatch,
            _ => StepKind.Batch,
        };
        return new Step(kind, (int)(dice / 100 % Keys), Length(dice / 100 / Keys), fill);
    }

    /// <summary>The finalizer of SplitMix64.</summary>
    public static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <summary>Mostly short, sometimes long, now and then longer than a page, a buffer and a quarter of a small segment; sometimes nothing.</summary>
    private static int Length(ulong dice) => (dice % 200) switch
    {
        0 => 20_000,
        < 10 => (int)(dice / 200 % 4200),
        < 20 => 0,
        _ => (int)(dice / 200 % 200),
    };
}
