using Larder.Tests.Shape;
using Xunit;

namespace Larder.AspNetCore.Tests.Shape;

/// <summary>The public surface changes on purpose: what it is stands in an approved text, and a change of it is a change of that text.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void The_public_surface_is_the_approved_one() => PublicSurface.ShouldBeApproved(typeof(Guard).Assembly, "Larder.AspNetCore.Tests");
}
