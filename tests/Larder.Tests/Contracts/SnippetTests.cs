using Xunit;

namespace Larder.Tests.Contracts;

/// <summary>The overloads that would do the wrong thing are errors at compile time, and the right ones stay easy to write.</summary>
public sealed class SnippetTests(SnippetCompiler compiler) : IClassFixture<SnippetCompiler>
{
    public static TheoryData<string, string> Refused
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((string snippet, string error) in Snippets.MustNotCompile)
            {
                data.Add(snippet, error);
            }

            return data;
        }
    }

    public static TheoryData<string> Accepted => [.. Snippets.MustCompile];

    [Theory]
    [MemberData(nameof(Refused))]
    public void Traps_do_not_compile(string snippet, string error) => Assert.Equal(error, compiler.ErrorsOf(snippet));

    [Theory]
    [MemberData(nameof(Accepted))]
    public void What_is_meant_compiles(string snippet) => Assert.Equal("", compiler.ErrorsOf(snippet));
}
