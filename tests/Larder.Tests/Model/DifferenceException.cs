namespace Larder.Tests.Model;

/// <summary>The store did something that the model does not allow.</summary>
internal sealed class DifferenceException(string message) : Exception(message);
