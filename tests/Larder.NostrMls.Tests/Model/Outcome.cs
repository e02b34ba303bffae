using System.Collections;
using System.Globalization;

namespace Larder.NostrMls.Tests.Model;

/// <summary>What came of a call: what it answered, lists as lists; or for a refusal its kind, and its text or the parts that it must have, in one of several ways.</summary>
internal sealed class Outcome
{
    private readonly object? _answer;
    private readonly IReadOnlyList<string[]> _texts = [];

    private Outcome(object? answer) => _answer = answer is IEnumerable list and not string ? list.Cast<object?>().ToList() : answer;

    private Outcome(string refusal, IReadOnlyList<string[]> texts)
    {
        Refusal = refusal;
        _texts = texts;
    }

    /// <summary>The kind of the refusal; null when there was none.</summary>
    public string? Refusal { get; }

    public static Outcome OfModel(Func<object?> call)
    {
        try
        {
            return new Outcome(call());
        }
        catch (ModelRefusal refused)
        {
            return new Outcome(refused.Kind, refused.Texts);
        }
    }

    public static Outcome OfStore(Func<object?> call)
    {
        try
        {
            return new Outcome(call());
        }
        catch (MlsStoreException refused)
        {
            return new Outcome(refused.Kind.ToString(), [[refused.Message]]);
        }
        catch (ArgumentOutOfRangeException refused)
        {
            return new Outcome("ArgumentOutOfRange", [[refused.Message]]);
        }
    }

    /// <summary>Whether the store's outcome is what the model says.</summary>
    public bool Allows(Outcome store) =>
        Refusal != store.Refusal ? false
        : Refusal is null ? IsSame(_answer, store._answer)
        : _texts.Count == 0 || _texts.Any(parts => Array.TrueForAll(parts, part => store._texts[0][0].Contains(part, StringComparison.Ordinal)));

    public override string ToString() => Refusal is null ? Text(_answer) : $"{Refusal}: {string.Join(" or ", _texts.Select(parts => string.Join(", ", parts)))}";

    private static bool IsSame(object? expected, object? actual) =>
        expected is List<object?> list ? actual is List<object?> other && list.SequenceEqual(other) : Equals(expected, actual);

    private static string Text(object? answer) => answer switch
    {
        null => "nothing",
        List<object?> list => ModelText.Of(list.Select(Text)),
        _ => Convert.ToString(answer, CultureInfo.InvariantCulture)!,
    };
}

/// <summary>The store did something that the model does not allow.</summary>
internal sealed class DifferenceException(string message) : Exception(message);
