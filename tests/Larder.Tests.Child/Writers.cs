using System.Diagnostics.CodeAnalysis;

namespace Larder.Tests.Child;

/// <summary>
/// Opens a store and writes what the plan says, from several threads, telling the parent of every call that returned. Goes on until it
/// is killed, unless it was given a number of steps and a way to end.
/// </summary>
/// <remarks>
/// <c>threads</c>, <c>cycle</c>; <c>steps</c> each (0: no end); <c>first</c>: the number of the first one; <c>compact</c> and <c>flush</c>:
/// every so many steps; <c>answers</c>: to every byte on standard input; <c>patient</c>: a step that a full disk refused is tried again; <c>end</c>: dispose, exit, failfast, overflow, stay.
/// </remarks>
internal sealed class Writers(Arguments arguments, Pipe pipe, Store store)
{
    private readonly int _cycle = (int)arguments.Number("cycle");
    private readonly long _steps = arguments.Number("steps");
    private readonly long _first = arguments.Number("first");
    private readonly long _compact = arguments.Number("compact");
    private readonly long _flush = arguments.Number("flush");
    private readonly bool _patient = arguments.Has("patient");

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the parent is told.")]
    public static int Run(Arguments arguments, Pipe pipe)
    {
        Store store;
        pipe.Tell(SignKind.Opening);
        try
        {
            store = Stores.Open(arguments);
        }
        catch (Exception error)
        {
            pipe.Refuse(error);
            return 1;
        }

        pipe.Tell(SignKind.Opened, sequence: store.Statistics.LastSequence);
        new Writers(arguments, pipe, store).Run();
        return Ending.Come(arguments.Text("end", "dispose"), store, pipe);
    }

    private void Run()
    {
        if (arguments.Has("answers"))
        {
            new Thread(Answer) { IsBackground = true }.Start();
        }

        Thread[] threads = [.. Enumerable.Range(0, (int)arguments.Number("threads", 8)).Select(writer => new Thread(() => Write(writer)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the parent is told.")]
    private void Write(int writer)
    {
        for (long number = _first; _steps == 0 || number < _first + _steps; number++)
        {
            try
            {
                pipe.Tell(SignKind.Applied, writer, number, Apply(writer, Plan.At(_cycle, writer, number)));
                Maintain(writer, number);
            }
            catch (DiskFullException full) when (_patient)
            {
                pipe.Refuse(full, writer, number);
                SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(5));
                number--;
            }
            catch (Exception error)
            {
                pipe.Refuse(error, writer, number);
                ReadOn(writer);
                break;
            }
        }

        pipe.Tell(SignKind.Done, writer);
    }

    private void Answer()
    {
        Stream input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
            pipe.Tell(SignKind.Answer);
        }
    }

    private void Maintain(int writer, long number)
    {
        if (_flush > 0 && (number + writer) % _flush == 0)
        {
            store.Flush();
            pipe.Tell(SignKind.Flushed, writer, number, store.Statistics.DurableSequence);
        }

        if (_compact > 0 && writer == 0 && number % _compact == 0)
        {
            store.Compact();
        }
    }

    /// <summary>One step. Returns the sequence of its commit when the call tells, or when the writer's own key does.</summary>
    private long Apply(int writer, Step step)
    {
        string key = Plan.ValueKey(writer, step.Key);
        string counter = Plan.CounterKey(writer, step.Key);
        switch (step.Kind)
        {
            case StepKind.Set:
                return store.Set(key, step.Value());
            case StepKind.SetWithDeadline:
                return store.Set(key, step.Value(), step.Deadline);
            case StepKind.Touch:
                return store.Touch(key, step.Deadline) ? VersionOf(key) : 0;
            case StepKind.Increment:
                store.Increment(counter, step.By);
                return VersionOf(counter);
            case StepKind.Remove:
                store.Remove(key);
                return 0;
            case StepKind.RemoveInBatch:
                return Written(new WriteBatch().Remove(key).Set(Plan.TwinKey(writer, 0), step.Value()).Set(Plan.TwinKey(writer, 1), step.Value()));
            default:
                return Written(new WriteBatch()
                    .Increment(Plan.Shared)
                    .Set(Plan.TwinKey(writer, 0), step.Value())
                    .Increment(counter, step.By)
                    .Remove(key)
                    .Set(Plan.TwinKey(writer, 1), step.Value()));
        }
    }

    private long Written(WriteBatch batch)
    {
        WriteResult result = store.Write(batch);
        return result.Applied ? result.Version : throw new InvalidOperationException("a batch without a condition was refused.");
    }

    private long VersionOf(string key) => store.TryGet(key, out Entry entry) ? entry.Version : throw new InvalidOperationException($"{key} is gone.");

    private void ReadOn(int writer)
    {
        long entries = store.Scan(Plan.Prefix(writer)).LongCount(entry => store.TryGet(entry.Key, out _));
        pipe.Tell(SignKind.ReadOn, writer, entries, store.Statistics.DurableSequence);
    }
}
