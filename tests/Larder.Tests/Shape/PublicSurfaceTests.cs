using Xunit;

namespace Larder.Tests.Shape;

/// <summary>The public surface changes on purpose: what it is stands in an approved text, and a change of it is a change of that text.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void The_public_surface_is_the_approved_one() => PublicSurface.ShouldBeApproved(Source.Library, "Larder.Tests");
}
