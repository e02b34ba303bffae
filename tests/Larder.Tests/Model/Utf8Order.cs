using System.Text;

namespace Larder.Tests.Model;

/// <summary>The order of keys, worked out anew: the bytes of the UTF-8 form, which is not the order of UTF-16 beyond the first plane.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static readonly Utf8Order Instance = new();

    public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y!));
}
