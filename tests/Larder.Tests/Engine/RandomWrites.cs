using System.Globalization;

namespace Larder.Tests.Engine;

/// <summary>Every kind of write there is, at random, on few keys so that they meet; and time that passes.</summary>
internal sealed class RandomWrites(int seed, ManualTimeProvider time)
{
    private static readonly string[] _prefixes = ["", "a", "b:", "b:1"];

    private readonly Random _random = new(seed);
    private int _values;

    public int Next(int below) => _random.Next(below);

    public void Step(EngineRig rig)
    {
        switch (_random.Next(20))
        {
            case < 9:
                rig.Set(Key(), Value(), Expires());
                break;
            case < 11:
                rig.Touch(Key(), Expires());
                break;
            case < 13:
                rig.Remove(Key());
                break;
            case < 15:
                rig.Increment($"n:{_random.Next(3)}");
                break;
            case < 19:
                rig.Write(Batch());
                break;
            default:
                time.Advance(TimeSpan.FromMilliseconds(_random.Next(1000)));
                break;
        }
    }

    private WriteBatch Batch()
    {
        var batch = new WriteBatch();
        for (int i = _random.Next(1, 6); i > 0; i--)
        {
            string key = Key();
            switch (_random.Next(12))
            {
                case < 5:
                    batch.Set(key, Bytes(), Expires());
                    break;
                case < 7:
                    batch.Remove(key);
                    break;
                case < 9:
                    batch.Remove(key).Set(key, Bytes(), Expires());
                    break;
                case < 11:
                    batch.Increment($"n:{_random.Next(3)}", 2);
                    break;
                default:
                    string prefix = _prefixes[_random.Next(_random.Next(4) == 0 ? 0 : 1, _prefixes.Length)];
                    batch.ItemList.Add(new BatchItem(BatchOperation.Clear, System.Text.Encoding.UTF8.GetBytes(prefix)));
                    break;
            }
        }

        return batch;
    }

    private string Key() => $"{(_random.Next(2) == 0 ? "a" : "b:")}{_random.Next(15)}";

    private string Value() => $"value {(++_values).ToString(CultureInfo.InvariantCulture)}{new string('.', _random.Next(5))}";

    private byte[] Bytes() => System.Text.Encoding.UTF8.GetBytes(Value());

    private Expiry Expires() => _random.Next(4) switch
    {
        0 => TimeSpan.FromMilliseconds(_random.Next(2000)),
        1 => Expiry.Keep,
        _ => Expiry.None,
    };
}
