using Larder.Tests.Shape;
using Xunit;

namespace Larder.AspNetCore.Tests.Shape;

/// <summary>The public surface changes on purpose: what it is stands in an approved text, and a change of it is a change of that text.</summary>
public sealed class PublicSurfaceTests
{
    private static readonly string _approved = Path.Combine(Source.Root, "tests", "Larder.AspNetCore.Tests", "Shape", "PublicSurface.approved.txt");

    [Fact]
    public void The_public_surface_is_the_approved_one()
    {
        string actual = PublicSurface.Of(typeof(Guard).Assembly);
        if (Environment.GetEnvironmentVariable("LARDER_APPROVE") == "1")
        {
            File.WriteAllText(_approved, actual);
        }

        string approved = File.Exists(_approved) ? File.ReadAllText(_approved).ReplaceLineEndings("\n") : "";
        string[] now = actual.Split('\n');
        string[] before = approved.Split('\n');
        Assert.True(
            actual == approved,
            $"The public surface is not the approved one:\n{string.Join('\n', before.Except(now).Select(line => $"- {line.Trim()}").Concat(now.Except(before).Select(line => $"+ {line.Trim()}")))}\n"
            + "If that is meant, accept it with: LARDER_APPROVE=1 ./test.sh --no-coverage --filter PublicSurface");
    }
}
