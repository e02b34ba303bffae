using System.Buffers.Binary;

namespace Larder.AspNetCore.RateLimiting;

/// <summary>What <see cref="SlidingWindow"/> keeps of a client: so many requests in each slice, and the burst budget. Stored as sixteen 64-bit numbers, little endian.</summary>
internal readonly struct SlidingCounts
{
    private const int SliceSeconds = 5;
    private const int Slices = (60 / SliceSeconds) + 1;
    private const int BurstSeconds = 3600;

    // The number of the newest slice; when the burst budget ends, and how much of it is used; then the slices, the oldest first.
    private const int Newest = 0;
    private const int BurstEnd = 1;
    private const int Burst = 2;
    private const int Oldest = 3;

    private readonly long[] _numbers;

    private SlidingCounts(long[] numbers) => _numbers = numbers;

    internal long Total
    {
        get
        {
            long total = 0;
            foreach (long count in _numbers.AsSpan(Oldest))
            {
                total += count;
            }

            return total;
        }
    }

    internal long BurstUsed => _numbers[Burst];

    /// <summary>How long the value is of interest.</summary>
    internal TimeSpan Lifetime => TimeSpan.FromSeconds((Slices * SliceSeconds) + (BurstUsed > 0 ? BurstSeconds : 0));

    /// <summary>
    /// What is stored, as it stands at <paramref name="second"/>: slices that are over have left. Should the clock have been set back, its newest slice
    /// stays the newest until time catches up.
    /// </summary>
    /// <exception cref="InvalidDataException">The value is no sliding window.</exception>
    internal static SlidingCounts From(Entry? stored, long second)
    {
        var numbers = new long[Oldest + Slices];
        long slice = second / SliceSeconds;
        if (stored is { } entry)
        {
            ReadOnlySpan<byte> value = entry.Value.Span;
            if (value.Length != numbers.Length * sizeof(long))
            {
                throw new InvalidDataException($"the value of '{entry.Key}' is no sliding window.");
            }

            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(value[(i * sizeof(long))..]);
            }

            slice = Math.Max(slice, numbers[Newest]);
            int gone = (int)Math.Min(slice - numbers[Newest], Slices);
            Span<long> slices = numbers.AsSpan(Oldest);
            slices[gone..].CopyTo(slices);
            slices[^gone..].Clear();
            if (second >= numbers[BurstEnd])
            {
                numbers[Burst] = 0;
            }
        }

        numbers[Newest] = slice;
        return new SlidingCounts(numbers);
    }

    internal void Add(bool usesBurst, long second)
    {
        _numbers[^1]++;
        if (usesBurst && _numbers[Burst]++ == 0)
        {
            _numbers[BurstEnd] = second + BurstSeconds;
        }
    }

    /// <summary>When so many requests will have left that one more is within the limit, or, if one is already, when the first leave.</summary>
    internal long FreeAt(long limit)
    {
        long left = Total;
        for (int i = Oldest; i < _numbers.Length; i++)
        {
            left -= _numbers[i];
            if (_numbers[i] > 0 && left < limit)
            {
                long slice = _numbers[Newest] - (_numbers.Length - 1 - i);
                return (slice + Slices) * SliceSeconds;
            }
        }

        return (_numbers[Newest] + 1) * SliceSeconds;
    }

    internal byte[] ToArray()
    {
        var value = new byte[_numbers.Length * sizeof(long)];
        for (int i = 0; i < _numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(i * sizeof(long)), _numbers[i]);
        }

        return value;
    }
}
