using System.Diagnostics;
using Larder.Comparisons.Measuring;
using Larder.Comparisons.Reporting;
using Microsoft.Win32.SafeHandles;

namespace Larder.Comparisons.Disk;

/// <summary>
/// Where the durable stores keep their files for the time of a run: a new directory on a disk, removed at the end. A file system in
/// memory is no such place, because nothing there costs what durability costs.
/// </summary>
internal sealed class BenchDirectory : IDisposable
{
    /// <summary>No device that keeps its promise flushes in less.</summary>
    private static readonly TimeSpan _leastFlush = TimeSpan.FromMicroseconds(20);

    private static readonly string[] _memory = ["tmpfs", "ramfs", "devtmpfs"];

    private readonly string _root;
    private int _count;

    private BenchDirectory(string root)
    {
        _root = root;
        FileSystem = new DriveInfo(root).DriveFormat;
        AppDomain.CurrentDomain.ProcessExit += Remove;
    }

    public string FileSystem { get; }

    /// <summary>What one write and fdatasync of a record took, the median of a few hundred.</summary>
    public TimeSpan Flush { get; private set; }

    /// <param name="chosen">Where the caller wants the files; null for below the current directory, or else for temporary files.</param>
    /// <param name="effort">How thoroughly to find out what a flush costs. A smoke run goes on wherever it is.</param>
    /// <exception cref="NotOnDiskException">The place is not on a disk.</exception>
    public static BenchDirectory Make(string? chosen, Effort effort)
    {
        string parent = chosen ?? Candidates().FirstOrDefault(IsOnDisk) ?? Environment.CurrentDirectory;
        string root = Path.Combine(Path.GetFullPath(parent), $"larder-bench-{Environment.ProcessId}");
        var directory = new BenchDirectory(Directory.CreateDirectory(root).FullName);
        try
        {
            directory.Flush = directory.MeasureFlush(effort.MeansNothing ? 20 : 400);
            return effort.MeansNothing || (directory.Flush >= _leastFlush && IsOnDisk(root)) ? directory : throw directory.NotOnDisk();
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>A name for a directory that is not there yet.</summary>
    public string New(string name) => Path.Combine(_root, $"{name}-{_count++}");

    public static long BytesIn(string directory) =>
        new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);

    /// <summary>
    /// Copies a directory whose owner is at work, as a power cut would leave it once all that was written has reached the disk.
    /// The copies are brought to the disk as well, so that writing them back disturbs nobody later.
    /// </summary>
    public static void CopyLive(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string path in Directory.EnumerateFiles(from))
        {
            using SafeFileHandle locked = Libc.open(path, Libc.O_RDONLY, 0);   // the owner has locks that FileStream would ask for
            using var source = new FileStream(locked, FileAccess.Read);
            using var copy = new FileStream(Path.Combine(to, Path.GetFileName(path)), FileMode.CreateNew);
            source.CopyTo(copy, 1 << 20);
            copy.Flush();
            if (Libc.fdatasync(copy.SafeFileHandle) != 0)
            {
                throw Libc.Failed("flushing", copy.Name);
            }
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Remove;
        Remove(this, EventArgs.Empty);
    }

    private void Remove(object? sender, EventArgs e) => Directory.Delete(_root, recursive: true);

    private static IEnumerable<string> Candidates() => [Path.Combine(Environment.CurrentDirectory, "artifacts"), Path.GetTempPath()];

    private static bool IsOnDisk(string path)
    {
        string? place = Path.GetFullPath(path);
        while (!Directory.Exists(place))
        {
            place = Path.GetDirectoryName(place);
            if (place is null)
            {
                return false;
            }
        }

        return !_memory.Contains(new DriveInfo(place).DriveFormat);
    }

    private TimeSpan MeasureFlush(int count)
    {
        using RawFile file = RawFile.WrittenAhead(New("raw"), 1 << 20);
        var times = new TimeSpan[count];
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            file.AppendAndSync();
            times[i] = Stopwatch.GetElapsedTime(start);
        }

        Array.Sort(times);
        return times[count / 2];
    }

    private NotOnDiskException NotOnDisk() => new(
        $"{_root} is not on a disk: it is {FileSystem}, and one write and fdatasync there costs {Text.Figure(Flush.TotalNanoseconds, Unit.Time)}, " +
        $"where a device needs more than {_leastFlush.TotalMicroseconds:F0} us. Durable writes measured there would mean nothing: " +
        "name a directory on a disk with --path, or leave the durable work out with --only.");
}

/// <summary>The place for the files is not on a disk; the message says what was found.</summary>
internal sealed class NotOnDiskException(string message) : Exception(message);
