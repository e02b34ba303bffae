using Xunit;

namespace Larder.Tests.Contract;

/// <summary>Keys that something along the way might fold, trim, normalise or cut off; all different, all good.</summary>
public static class OddKeys
{
    internal static readonly string[] Keys =
    [
        "k", "K", " ", " k", "k ", "\0", "a\0b", "a\0", "\r\n", "a\nb", "\t", "😀", "a😀b", "\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627", "\u202eabc",
        "é", "e\u0301", "ﬁ", "ß", "İ", "\ufeffk", "\ufffe", "\uffff", "\ufffd", "a/b:c*?[x]", new('k', 500),
    ];

    public static TheoryData<string> All => [.. Keys];
}
