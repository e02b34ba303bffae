using Larder.Tests.Shape;
using Xunit;

namespace Larder.NostrMls.Tests.Shape;

/// <summary>The public surface of the package changes on purpose; every class in it is sealed.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void The_public_surface_is_the_approved_one() => PublicSurface.ShouldBeApproved(typeof(NostrMlsStore).Assembly, "Larder.NostrMls.Tests");

    [Fact]
    public void Every_class_is_sealed_or_abstract() => Assert.All(
        typeof(NostrMlsStore).Assembly.GetTypes().Where(type => type.IsClass && type != typeof(PageQuery)),
        type => Assert.True(type.IsSealed || type.IsAbstract, $"{type} is open to inheritance"));

    [Fact]
    public void The_package_needs_the_base_class_library_and_larder_only() => Assert.All(
        typeof(NostrMlsStore).Assembly.GetReferencedAssemblies(),
        reference => Assert.True(reference.Name is "Larder" || reference.Name!.StartsWith("System.", StringComparison.Ordinal), reference.Name));
}
