using System.Buffers;

namespace Larder.NostrMls.Values;

/// <summary>The only digits that ids have in Nostr: upper-case ones are another text.</summary>
internal static class Hex
{
    private static readonly SearchValues<char> _digits = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<byte> _bytes = SearchValues.Create("0123456789abcdef"u8);

    internal static bool IsLower(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(_digits);

    internal static bool IsLower(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(_bytes);
}
