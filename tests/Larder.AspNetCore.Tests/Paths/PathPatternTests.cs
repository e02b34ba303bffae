using Larder.AspNetCore.Paths;
using Xunit;

namespace Larder.AspNetCore.Tests.Paths;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData("*", "/", true)]
    [InlineData("*", "", true)]
    [InlineData("*", "/a/b", true)]
    [InlineData("/", "/", true)]
    [InlineData("/", "", true)]
    [InlineData("/", "/a", false)]
    [InlineData("/ready", "/ready", true)]
    [InlineData("/ready", "/ready/", true)]
    [InlineData("/ready/", "/ready", true)]
    [InlineData("/ready", "/READY", true)]
    [InlineData("/ready", "/ready/x", false)]
    [InlineData("/ready", "/readyx", false)]
    [InlineData("/api/*", "/api", true)]
    [InlineData("/api/*", "/api/", true)]
    [InlineData("/api/*", "/api/users", true)]
    [InlineData("/api/*", "/api/users/", true)]
    [InlineData("/api/*", "/api/users/1", false)]
    [InlineData("/api/*", "/apix", false)]
    [InlineData("/api/*", "/api//", false)]
    [InlineData("/api/**", "/api", true)]
    [InlineData("/api/**", "/api/", true)]
    [InlineData("/api/**", "/api/users/1/posts", true)]
    [InlineData("/api/**", "/apix/users", false)]
    [InlineData("/api/users/**", "/api/posts", false)]
    [InlineData("/internal/**", "/internalfoo", false)]
    [InlineData("/*", "/", true)]
    [InlineData("/*", "/a", true)]
    [InlineData("/*", "/a/b", false)]
    [InlineData("/**", "/a/b", true)]
    [InlineData("/ready/*", "/ready/some/path", false)]
    public void Patterns_match_on_the_boundaries_of_segments(string pattern, string path, bool matches)
    {
        Assert.Null(PathPattern.Problem(pattern));
        Assert.Equal(matches, PathPattern.Parse(pattern).Matches(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("ready")]
    [InlineData("**")]
    [InlineData("/a*")]
    [InlineData("/*/a")]
    [InlineData("/a/***")]
    [InlineData("/a/*/*")]
    [InlineData("a/*")]
    public void What_is_no_pattern_is_told(string? pattern) => Assert.NotNull(PathPattern.Problem(pattern));
}
