using System.Net;

namespace Larder.AspNetCore;

/// <summary>
/// What the guard looks at of a request; the body is not part of it. Text is taken as it reaches the application: paths, names and values of the
/// query decoded once. A null list counts as an empty one, a null text as empty text.
/// </summary>
/// <param name="Address">The address of the client; null when there is none, or when its text is no address.</param>
/// <param name="UserAgent">The header <c>User-Agent</c>; empty when there is none.</param>
/// <param name="Method">The method, such as <c>GET</c>; only told to the log.</param>
/// <param name="Path">The path, beginning with a slash; empty when there is none.</param>
/// <param name="Query">The names and values of the query, a name that occurs twice twice.</param>
/// <param name="Headers">The names and values of the headers.</param>
public readonly record struct GuardRequest(
    IPAddress? Address,
    string UserAgent,
    string Method,
    string Path,
    IReadOnlyList<KeyValuePair<string, string>> Query,
    IReadOnlyList<KeyValuePair<string, string>> Headers);
