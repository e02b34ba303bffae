using Xunit;

namespace Larder.Tests.Concurrency;

/// <summary>These tests want all cores for themselves, so they run after the others and one by one.</summary>
[CollectionDefinition(nameof(Concurrency), DisableParallelization = true)]
public sealed class ConcurrencyCollection;
