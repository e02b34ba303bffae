namespace Larder.Durability;

/// <summary>Reads the log of a store, segment by segment, and watches that none is missing.</summary>
/// <remarks>
/// A segment is followed by another only when its last record says so, and that was written after the next one existed. So a segment that ends
/// without such a record must be the last, or be followed by one that holds nothing; and one that ends with it has a successor.
/// </remarks>
internal sealed class LogReader(IFiles files, DirectoryListing listing, Reading how, Recovered found)
{
    /// <summary>
    /// The segments from <see cref="Recovered.FirstSegment"/> on, to read the commits behind <see cref="Recovered.Last"/> in them. Each must be read to its end before
    /// the next is asked for; what was found in it is then noted.
    /// </summary>
    /// <exception cref="StoreDamagedException">The log is damaged or incomplete.</exception>
    internal IEnumerable<SegmentReader> Segments()
    {
        long expected = found.FirstSegment;
        if (expected == 0)
        {
            ExpectNoLog();
            yield break;
        }

        List<long> segments = [.. listing.Segments.Where(number => number >= expected)];
        bool isExpected = segments.Count > 0 || !listing.IsEmpty;   // else a store is only beginning
        for (int i = 0; i < segments.Count; i++)
        {
            if (segments[i] != expected)
            {
                Lose(expected, 0, $"the segment is missing, although segment {segments[i]} is there", FirstIn(segments, i));
            }

            expected = segments[i] + 1;
            using FrameReader? reader = Open(segments, i);
            isExpected = false;
            if (reader is null)
            {
                continue;
            }

            SegmentReader segment = Begin(segments, i, reader);
            yield return segment;
            Note(segment);
            if (!segment.IsSealed && IsLast(segments, i, segment))
            {
                yield break;
            }

            isExpected = segment.IsSealed;
        }

        if (isExpected)
        {
            Lose(expected, 0, "the segment is missing", 0);
        }
    }

    /// <summary>The last segment that may hold what comes behind a commit, by its header; the first one if all begin later; 0 if there is none.</summary>
    internal long FirstBehind(long sequence)
    {
        long best = listing.Segments.FirstOrDefault();
        foreach (long number in listing.Segments)
        {
            best = HeaderOf(number) is { } header && header.FirstSequence <= sequence + 1 ? number : best;
        }

        return best;
    }

    /// <summary>The first segment that begins beyond a commit; 0 if there is none.</summary>
    internal long FirstBeyond(long sequence) => listing.Segments.FirstOrDefault(number => HeaderOf(number)?.FirstSequence > sequence);

    private FrameReader? Open(List<long> segments, int index)
    {
        long number = segments[index];
        FrameReader? reader = FrameReader.Open(files, FileKind.Segment, number, how, out string problem);
        if (reader is not null)
        {
            return reader;
        }

        reader = how.Damaged is null ? null : FrameReader.Guess(files, FileKind.Segment, number, how);
        Lose(number, 0, problem, reader is null ? FirstIn(segments, index + 1) : found.Last + 1);
        return reader;
    }

    private SegmentReader Begin(List<long> segments, int index, FrameReader reader)
    {
        long successor = how.Damaged is null || AreUnbegun(segments, index + 1) ? 0 : FirstIn(segments, index + 1);
        var segment = new SegmentReader(reader, how, found.Last, successor);
        long before = segment.First - 1;
        if (index == 0 ? before > found.Last : before != found.Last)
        {
            Lose(segments[index], 0, $"the segment begins with commit {before + 1}, but the log before it ends with {found.Last}", before + 1);
        }

        return segment;
    }

    private void Note(SegmentReader segment)
    {
        found.LastSegment = segment.Header;
        found.LastInSegment = segment.Last;
        found.Last = Math.Max(found.Last, segment.Last);
        found.Time = Math.Max(found.Time, segment.Time);
        found.IsClosed = segment.IsClosed;
        found.ClosedAt = segment.ClosedAt;
        found.End = segment.End;
        found.TornBytes = segment.TornBytes;
        found.LogBytes += segment.End;
    }

    /// <summary>
    /// A segment without an end is the last one. Others that were being begun may follow, and hold nothing: more than one, when an end was seen that
    /// had not reached the disk.
    /// </summary>
    private bool IsLast(List<long> segments, int index, SegmentReader segment)
    {
        if (index + 1 == segments.Count)
        {
            return true;
        }

        if (AreUnbegun(segments, index + 1))
        {
            found.Unbegun.AddRange(segments.Skip(index + 1));
            return true;
        }

        if (!segment.IsBrokenOff)
        {
            Lose(segments[index], segment.End, $"the segment has no end, although segment {segments[index + 1]} follows", FirstIn(segments, index + 1));
        }

        return false;
    }

    private bool AreUnbegun(List<long> segments, int index) => index < segments.Count && segments.Skip(index).All(IsBlank);

    /// <summary>
    /// A checkpoint that stands alone has no log. What is left of one is all in the checkpoint; others may have been begun behind it, and hold no commit.
    /// </summary>
    private void ExpectNoLog()
    {
        foreach (long number in how.Damaged is null ? listing.Segments : [])
        {
            if (HeaderOf(number) is not { } header || header.FirstSequence > found.Last)
            {
                if (!IsBlank(number) && HoldsCommits(number))
                {
                    Lose(number, 0, "the segment belongs behind a checkpoint that is missing", 0);
                }

                found.Unbegun.Add(number);
            }
        }
    }

    private bool HoldsCommits(long number)
    {
        using FrameReader? reader = FrameReader.Open(files, FileKind.Segment, number, how, out string problem);
        if (reader is null)
        {
            Lose(number, 0, problem, 0);
            return false;
        }

        return new SegmentReader(reader, how, found.Last).Next();
    }

    /// <summary>Whether a segment holds nothing but, perhaps, its header and the record that checks the key.</summary>
    private bool IsBlank(long number)
    {
        using IFile file = files.Open(FileName.Of(FileKind.Segment, number));
        var bytes = new byte[64 * 1024];
        long at = FileHeader.Size;
        bool mayCheckKey = true;
        for (int read; (read = file.Read(bytes, at)) > 0; at += read)
        {
            Span<byte> rest = bytes.AsSpan(0, read);
            if (mayCheckKey && rest.Length > 16 && Frame.KindOf(rest) == FrameKind.KeyCheck)
            {
                rest = rest[Math.Min(Frame.SizeOf(Frame.TagSize), rest.Length)..];
            }

            mayCheckKey = false;
            if (rest.ContainsAnyExcept((byte)0))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first commit of the segments from an index on, as the first whole header says; 0 when none does.</summary>
    private long FirstIn(List<long> segments, int index) =>
        segments.Skip(index).Select(HeaderOf).FirstOrDefault(header => header is not null)?.FirstSequence ?? 0;

    private FileHeader? HeaderOf(long number) => FrameReader.ReadHeader(files, FileKind.Segment, number, out _);

    /// <summary>Throws or tells of damage that costs the commits before <paramref name="next"/> that were not read; 0 when nobody knows where it ends.</summary>
    private void Lose(long number, long offset, string problem, long next)
    {
        bool costs = how.Damaged is null || next == 0 || next - 1 > found.Last;
        string path = Path.Combine(files.Path, FileName.Of(FileKind.Segment, number));
        how.Meet(new StoreDamagedException(path, offset, costs ? found.Last + 1 : 0, problem, next - 1 > found.Last ? next - 1 : 0));
        found.Last = Math.Max(found.Last, next - 1);
    }
}
