namespace Larder.Tests.Crash;

/// <summary>A crash after which something acknowledged was lost, something never written came back, or the store did not open.</summary>
internal sealed class CrashException(string message, Exception? inner = null) : Exception(message, inner);
