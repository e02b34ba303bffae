using Xunit;

namespace Larder.NostrMls.Tests.Eviction;

/// <summary>Tests that ask how much memory the process uses: nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
