using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.AspNetCore.Guarding;

/// <summary>
/// What the guard tells. Strangers choose paths and methods: what could end a line, colour a terminal or fill a disk is escaped or cut. Queries, header values and
/// user agents are not told, because secrets travel there.
/// </summary>
internal sealed partial class GuardLog(GuardLoggingOptions options, ILogger? logger)
{
    private const int MostCharacters = 256;

    private readonly ILogger _logger = options.Enabled && logger is not null ? logger : NullLogger.Instance;
    private readonly LogLevel _level = options.Level;

    [SuppressMessage("Performance", "CA1873", Justification = "The level is asked first; the analyzer does not follow a level that varies.")]
    internal void Refused(in GuardRequest request, IPAddress? client, string type, string reason)
    {
        if (_logger.IsEnabled(_level))
        {
            Refused(_logger, _level, Plain(request.Method), Plain(request.Path), Text(client), type, Plain(reason));
        }
    }

    internal void Suspicious(in GuardRequest request, IPAddress? client, string reason, string rule)
    {
        if (_logger.IsEnabled(LogLevel.Warning))
        {
            Suspicious(_logger, Plain(request.Method), Plain(request.Path), Text(client), reason, rule);
        }
    }

    internal void Banned(IPAddress? client, string reason)
    {
        if (_logger.IsEnabled(LogLevel.Warning))
        {
            Banned(_logger, Text(client), Plain(reason));
        }
    }

    private static string Text(IPAddress? client) => client?.ToString() ?? "unknown";

    /// <summary>One line of bounded length, without control characters, format characters and halves of pairs.</summary>
    private static string Plain(string? text)
    {
        if (text is null)
        {
            return "";
        }

        var plain = new StringBuilder(Math.Min(text.Length, MostCharacters) + 8);
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MostCharacters)))
        {
            bool isPlain = char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            _ = isPlain ? plain.Append(c) : plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return text.Length > MostCharacters ? plain.Append("...").ToString() : plain.ToString();
    }

    [LoggerMessage(EventId = 1, EventName = "RequestRefused", Message = "Refused {Method} {Path} from {Address}: {Type}: {Reason}")]
    private static partial void Refused(ILogger logger, LogLevel level, string method, string path, string address, string type, string reason);

    [LoggerMessage(EventId = 2, EventName = "RequestSuspicious", Level = LogLevel.Warning, Message = "Allowed {Method} {Path} from {Address}, though: {Reason} ({Rule})")]
    private static partial void Suspicious(ILogger logger, string method, string path, string address, string reason, string rule);

    [LoggerMessage(EventId = 3, EventName = "ClientBanned", Level = LogLevel.Warning, Message = "Banned {Address}: {Reason}")]
    private static partial void Banned(ILogger logger, string address, string reason);
}
