namespace Larder;

/// <summary>How the bytes of a value came to be. Reading a typed value back as another kind is an error, not a miss.</summary>
public enum ValueKind : byte
{
    /// <summary>Bytes as the caller gave them.</summary>
    Bytes = 0,

    /// <summary>UTF-8 text, written from a <see cref="string"/>.</summary>
    Text = 1,

    /// <summary>An object, written by the store's <see cref="IValueSerializer"/>.</summary>
    Serialized = 2,

    /// <summary>A 64-bit counter in decimal ASCII, written by <c>Increment</c>.</summary>
    Counter = 3,
}
