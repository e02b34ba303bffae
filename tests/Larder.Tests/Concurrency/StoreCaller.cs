using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Larder.Tests.Concurrency;

/// <summary>Calls a store.</summary>
internal sealed class StoreCaller(IStore store, ManualTimeProvider clock) : ICaller
{
    private readonly long[] _seenVersions = new long[2];

    public void Begin(IReadOnlyList<string> keys) => _seenVersions.AsSpan().Clear();

    public void End(IReadOnlyList<string> keys)
    {
        foreach (string key in keys)
        {
            store.Remove(key);
        }
    }

    public Call Next(int keys, int argument, TimeSpan step)
    {
        int key = Perturbation.Next(keys);
        var call = new Call
        {
            Kind = (CallKind)Perturbation.Next((int)CallKind.Load + 1),
            Key = key,
            Argument = argument,
            Expected = Math.Max(1, Volatile.Read(ref _seenVersions[key])),
        };
        call.Deadline = Perturbation.Next(3) switch
        {
            0 when call.Kind is not CallKind.Load and not CallKind.Add => Call.Keep,
            1 => Call.Never,
            _ => clock.GetTimestamp() + (Perturbation.Next(ICaller.DeadlineSteps) * step.Ticks),
        };
        return call;
    }

    public void Make(string key, ref Call call)
    {
        Make(store, key, call.Expiry, ref call);
        if (call.Version > 0)
        {
            Volatile.Write(ref _seenVersions[call.Key], call.Version);
        }
    }

    private static void Make(IStore store, string key, Expiry expiry, ref Call call)
    {
        switch (call.Kind)
        {
            case CallKind.Get:
                call.Answer = store.TryGet(key, out Entry entry);
                if (call.Answer)
                {
                    Show(entry, ref call);
                }

                break;
            case CallKind.Set:
                call.Version = store.Set(key, Digits(call.Argument), expiry);
                break;
            case CallKind.Add:
                (call.Answer, call.Version) = store.TryAdd(key, Digits(call.Argument), expiry);
                break;
            case CallKind.Update:
                (call.Answer, call.Version) = store.TryUpdate(key, Digits(call.Argument), call.Expected, expiry);
                break;
            case CallKind.Remove:
                call.Answer = store.Remove(key);
                break;
            case CallKind.RemoveVersion:
                call.Answer = store.Remove(key, call.Expected);
                break;
            case CallKind.Increment:
                call.Value = store.Increment(key, call.Argument, expiry);
                break;
            case CallKind.Touch:
                call.Answer = store.Touch(key, expiry);
                break;
            default:
                Load((ISingleFlight)store, key, expiry, ref call);
                break;
        }
    }

    /// <summary>What GetOrAdd rests on, asked directly because its answer shows the version.</summary>
    private static void Load(ISingleFlight store, string key, Expiry expiry, ref Call call)
    {
        bool ran = false;
        byte[] value = Digits(call.Argument);
        Entry? entry = Perturbation.Next(2) == 0
            ? store.Load(key, _ => Made(), expiry)
            : store.LoadAsync(key, (_, _) => new(Made()), expiry).AsTask().GetAwaiter().GetResult();
        Show(entry!.Value, ref call);
        call.Ran = ran;

        LoadedValue? Made()
        {
            ran = true;
            Perturbation.Pause();
            return new LoadedValue(value, ValueKind.Bytes);
        }
    }

    private static void Show(in Entry entry, ref Call call)
    {
        call.Version = entry.Version;
        call.FoundDeadline = entry.ExpiresAt?.UtcTicks ?? Call.Never;
        if (!Utf8Parser.TryParse(entry.Value.Span, out call.Value, out int used) || used != entry.Value.Length)
        {
            throw new InvalidOperationException($"read '{Encoding.UTF8.GetString(entry.Value.Span)}', which nobody wrote");
        }
    }

    private static byte[] Digits(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
