using Larder.Tests.Shape;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Extensions.Tests.Shape;

/// <summary>The public surface changes on purpose, as that of the core does.</summary>
public sealed class PublicSurfaceTests
{
    private static readonly string _approved = Path.Combine(Source.Root, "tests", "Larder.Extensions.Tests", "Shape", "PublicSurface.approved.txt");

    [Fact]
    public void The_public_surface_is_the_approved_one()
    {
        string actual = PublicSurface.Of(typeof(LarderServiceCollectionExtensions).Assembly);
        if (Environment.GetEnvironmentVariable("LARDER_APPROVE") == "1")
        {
            File.WriteAllText(_approved, actual);
        }

        Assert.Equal(File.Exists(_approved) ? File.ReadAllText(_approved).ReplaceLineEndings("\n") : "", actual);
    }
}
