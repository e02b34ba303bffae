using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace Larder.Cli.Bench;

/// <summary>How large a benchmark is.</summary>
internal sealed record BenchSettings(int Records, long? Operations, double Seconds, int ValueBytes, int Threads, DurabilityMode Durability);

/// <summary>What one mix did: its figures, and how many reads missed a key that had to be there.</summary>
internal sealed record MixResult(Mix Mix, LatencyHistogram Latency, TimeSpan Elapsed, long Missed)
{
    public double OperationsPerSecond => Latency.Count / Elapsed.TotalSeconds;
}

/// <summary>Runs one mix on a store that holds the records already.</summary>
internal sealed class Workload(Store store, Mix mix, BenchSettings settings, Zipfian zipfian)
{
    private const int MostScanned = 100;

    private readonly Store _store = store;
    private readonly Mix _mix = mix;
    private readonly BenchSettings _settings = settings;
    private readonly Zipfian _zipfian = zipfian;
    private volatile bool _stop;

    public MixResult Run(CancellationToken interrupted)
    {
        using CancellationTokenRegistration stop = interrupted.Register(() => _stop = true);
        using var start = new Barrier(_settings.Threads + 1);
        Worker[] workers = [.. Enumerable.Range(0, _settings.Threads).Select(number => new Worker(this, number))];
        Thread[] threads = [.. workers.Select(worker => new Thread(() => worker.Run(start)))];
        Array.ForEach(threads, thread => thread.Start());
        start.SignalAndWait(CancellationToken.None);
        long begun = Stopwatch.GetTimestamp();
        if (_settings.Operations is null)
        {
            threads[0].Join(TimeSpan.FromSeconds(_settings.Seconds)); // it cannot end before it is told to: this is the wait
            _stop = true;
        }

        Array.ForEach(threads, thread => thread.Join());
        TimeSpan elapsed = Stopwatch.GetElapsedTime(begun);
        if (Array.Find(workers, worker => worker.Failure is not null)?.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        interrupted.ThrowIfCancellationRequested();
        var latency = new LatencyHistogram();
        Array.ForEach(workers, worker => latency.Add(worker.Latency));
        return new MixResult(_mix, latency, elapsed, workers.Sum(worker => worker.Missed));
    }

    public static string KeyOf(long record) => string.Create(CultureInfo.InvariantCulture, $"user{record:D10}");

    private sealed class Worker(Workload workload, int number)
    {
        private readonly Store _store = workload._store;
        private readonly BenchSettings _settings = workload._settings;
        private readonly Random _random = new(number + 1);
        private readonly double _nanosecondsPerTick = 1e9 / Stopwatch.Frequency;
        private readonly byte[] _value = new byte[workload._settings.ValueBytes];
        private int _inserted;

        public LatencyHistogram Latency { get; } = new();

        public long Missed { get; private set; }

        /// <summary>What ended the work too early: a full disk, for one.</summary>
        public Exception? Failure { get; private set; }

        [SuppressMessage("Design", "CA1031", Justification = "Thrown again by the thread that waits for this one.")]
        public void Run(Barrier start)
        {
            _random.NextBytes(_value);
            start.SignalAndWait();
            try
            {
                Work();
            }
            catch (Exception failure)
            {
                Failure = failure;
                workload._stop = true;
            }
        }

        private void Work()
        {
            long share = _settings.Operations is { } all ? (all / _settings.Threads) + (number < all % _settings.Threads ? 1 : 0) : long.MaxValue;
            for (long done = 0; done < share && !workload._stop; done++)
            {
                Operation operation = workload._mix.At(_random.Next(100));
                string key = KeyOf(operation == Operation.Insert ? NewRecord() : PresentRecord());
                long begun = Stopwatch.GetTimestamp();
                bool found = Do(operation, key);
                Latency.Record((long)((Stopwatch.GetTimestamp() - begun) * _nanosecondsPerTick));
                Missed += found ? 0 : 1;
            }
        }

        private bool Do(Operation operation, string key)
        {
            switch (operation)
            {
                case Operation.Read:
                    return _store.TryGet(key, out Entry _);
                case Operation.Scan:
                    _ = _store.Scan("user", after: key, limit: _random.Next(1, MostScanned + 1)).Count();
                    return true;
                case Operation.ReadModifyWrite:
                    return Modify(key);
                default:
                    _store.Set(key, _value);
                    return true;
            }
        }

        /// <summary>Reads, changes a byte and writes back if nobody else wrote meanwhile, until that succeeds.</summary>
        private bool Modify(string key)
        {
            while (_store.TryGet(key, out Entry entry))
            {
                byte[] changed = entry.Value.ToArray();
                if (changed.Length > 0)
                {
                    changed[0]++;
                }

                if (_store.TryUpdate(key, changed, entry.Version))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>A record of this thread's own, so that nobody waits for anybody to agree on the newest.</summary>
        private long NewRecord() => RecordInserted(_inserted++);

        private long RecordInserted(int nth) => _settings.Records + ((long)nth * _settings.Threads) + number;

        private long PresentRecord()
        {
            if (workload._mix.Choice == KeyChoice.Zipfian)
            {
                return workload._zipfian.NextScattered(_random);
            }

            long age = workload._zipfian.Next(_random);
            return age < _inserted ? RecordInserted(_inserted - 1 - (int)age) : Math.Max(0, _settings.Records - 1 - (age - _inserted));
        }
    }
}
