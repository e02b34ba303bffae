using Larder.Tests.Shape;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Extensions.Tests.Shape;

/// <summary>The public surface changes on purpose, as that of the core does.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void The_public_surface_is_the_approved_one() => PublicSurface.ShouldBeApproved(typeof(LarderServiceCollectionExtensions).Assembly, "Larder.Extensions.Tests");
}
