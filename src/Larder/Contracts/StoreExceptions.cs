using System.Diagnostics.CodeAnalysis;

namespace Larder;

/// <summary>A write would exceed the store's bound, and the store refuses rather than evicts, or nothing evictable is left. Nothing changed.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown by stores only; always with a sentence.")]
public sealed class StoreFullException(string message) : InvalidOperationException(message);

/// <summary>A key, a value or a batch is larger than the store takes. Nothing changed.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown by stores only; always with the figures.")]
public sealed class StoreLimitException : ArgumentException
{
    /// <summary>Names the limit, its value and what was asked for.</summary>
    public StoreLimitException(string limit, long maximum, long actual, string unit)
        : base($"{limit} is {maximum} {unit}, but {actual} {unit} were given; nothing was changed.")
    {
        Limit = limit;
        Maximum = maximum;
        Actual = actual;
    }

    /// <summary>The name of the limit, such as <c>MaxValueBytes</c>.</summary>
    public string Limit { get; }

    /// <summary>The largest amount allowed.</summary>
    public long Maximum { get; }

    /// <summary>The amount that was asked for.</summary>
    public long Actual { get; }
}

/// <summary>A key or a value breaks a rule of a <see cref="ValidatedStore"/>. The message is the rule's own. Nothing changed.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown by stores only; always with the sentence of a rule.")]
public sealed class StoreRuleException(string message, string parameter) : ArgumentException(message, parameter);

/// <summary>An increment met a value that is no 64-bit counter. Nothing changed.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown by stores only; always with the key.")]
public sealed class NotACounterException(string key)
    : InvalidOperationException($"the value of '{key}' is no 64-bit counter, so it cannot be incremented; it was left as it is.")
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;
}

/// <summary>A typed read met a value of another kind: text where an object was asked for, an object where text was asked for, and so on.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown by stores only; always with the kinds.")]
public sealed class ValueKindException : InvalidOperationException
{
    /// <summary>Names the key, what is stored and what was asked for.</summary>
    public ValueKindException(string key, ValueKind stored, Type asked, Exception? inner = null)
        : base($"the value of '{key}' is stored as {Describe(stored)} and cannot be read as {asked}.", inner)
    {
        Key = key;
        Stored = stored;
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The kind of the value that is stored.</summary>
    public ValueKind Stored { get; }

    private static string Describe(ValueKind kind) => kind switch
    {
        ValueKind.Text => "text",
        ValueKind.Serialized => "a serialized object",
        ValueKind.Counter => "a counter",
        _ => "bytes",
    };
}
