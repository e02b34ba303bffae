namespace Larder.AspNetCore.Inspection;

/// <summary>
/// Shell injection. Lists are separated by semicolons and bars, and many commands are words; so a command counts when it comes with an argument that
/// only a command has, or when it does nothing but tell who one is.
/// </summary>
internal static class ShellRules
{
    private const string Separator = @"(?:;|\||&|`|\$\(|\n|\r)";

    private const string Directory = @"(?:/(?:usr/)?(?:local/)?s?bin/)?";

    private const string Command =
        @"(?:cat|tac|nl|rm|ls|chmod|chown|wget|curl|nc|ncat|netcat|bash|sh|zsh|ksh|ping|python[23]?|perl|php|ruby|powershell|pwsh|cmd|nslookup|dig|host|touch|tftp|telnet|certutil|type|dir|net|echo|printf|cp|mv|kill)(?:\.exe)?";

    private const string Argument =
        @"(?:[-/~][\w/.~-]|\.{1,2}/|\\|https?:|ftp:|[0-9]{1,3}(?:\.[0-9]{1,3}){3}|c:|\$\(|`|>)";

    internal static IEnumerable<Rule> All()
    {
        yield return new Rule(
            "shell injection: command",
            $@"{Separator}[\s|&;]*{Directory}{Command}(?:\s+|\s*\$\{{?ifs\}}?(?:\$9)?|\s*<){Argument}"
            + $@"|{Separator}[\s|&;]*{Directory}(?:whoami|uname|ifconfig|ipconfig|netstat)(?:\s+-\w+)?\s*(?:$|[;|&`)\#])"
            + $@"|(?:;|\||&&)\s*(?:sleep|timeout)\s+(?:-\w\s+|/t\s+)?[0-9]+\s*(?:$|[;|&\#])|\$\(\s*(?:id|sleep\s+[0-9]+)\s*\)|`\s*sleep\s+[0-9]+\s*`"
            + $@"|;\s*id\s*(?:;|\#|$)(?:\s*\#?)$",
            [";", "|", "&", "`", "$", "\n", "\r"]);
        yield return new Rule(
            "shell injection: interpreter",
            @"/bin/(?:ba|z|da|c|k)?sh\s+-[cei]|\b(?:ba|z)?sh\s+-i\s*>|/dev/(?:tcp|udp)/[\w.]+/[0-9]|\bnc(?:at)?\s+(?:-\w+\s+)*-e\s|[a-z]\$\{?ifs\b|\(\)\s*\{\s*[^}]*;\s*\}\s*;",
            ["/bin/", "sh ", "sh\t", "/dev/", "nc ", "ncat ", "ifs", "()"]);
        yield return new Rule(
            "shell injection: lookup",
            @"\$\{\s*(?:jndi\s*:|\$\{\s*(?:lower|upper|env|sys|date|:{1,2}-?)|(?:lower|upper|env|sys)\s*:)",
            ["${"]);
    }
}
