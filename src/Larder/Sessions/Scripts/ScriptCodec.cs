using Larder.Sessions;

namespace Larder;

/// <summary>
/// Structured values of scripts as bytes, and back: what <c>serialize</c>, <c>setObject</c> and their kin are built on. The format is told byte by
/// byte in docs/guide/sessions.md, so that a script engine can write and read it without these types.
/// </summary>
public static class ScriptCodec
{
    /// <summary>How deep values may be nested: 500. What stands at the top is at depth 1.</summary>
    public const int MaxDepth = 500;

    /// <summary>The bytes of a value.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="value"/>, or something in it, is null.</exception>
    /// <exception cref="ArgumentException">The value is nested deeper than <see cref="MaxDepth"/>, or has a hole outside an array.</exception>
    public static byte[] Encode(ScriptValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new ScriptWriter().Write(value);
    }

    /// <summary>
    /// The value of bytes. They may be anybody's: nothing is allocated on the word of a length that the bytes do not bear out, and the stack is
    /// bounded.
    /// </summary>
    /// <exception cref="FormatException">The bytes are no structured value; the message says what is wrong and where.</exception>
    public static ScriptValue Decode(ReadOnlySpan<byte> bytes) => new ScriptReader(bytes).Read();
}
