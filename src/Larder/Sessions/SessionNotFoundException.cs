using System.Diagnostics.CodeAnalysis;

namespace Larder;

/// <summary>
/// There is no such session: it never began, was ended or rotated, or its time was up. Nothing changed. The id is not part of the message: whoever
/// knows an id has the session.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown by session storage only; always with a sentence.")]
public sealed class SessionNotFoundException(string message) : InvalidOperationException(message);
