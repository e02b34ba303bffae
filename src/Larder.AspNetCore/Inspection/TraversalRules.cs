namespace Larder.AspNetCore.Inspection;

/// <summary>Path traversal. One step up is a relative link, several before a name are an import in a program; a value that is nothing but steps up, or steps to where secrets are, is neither.</summary>
internal static class TraversalRules
{
    /// <summary>A step up, in the spellings that survive a filter that removes one of them.</summary>
    private const string Up = @"(?:\.{2,};?[/\\]+|\.{2,}%(?:c0%af|5c|2f)|%c0%ae%c0%ae[/\\]+)";

    private const string Secret =
        @"(?:etc|proc|boot|root|windows|winnt|system32|web-inf|meta-inf|\.ssh|\.git|\.env|\.aws|\.htaccess|\.htpasswd|passwd|shadow|win\.ini|boot\.ini|web\.config|appsettings[\w.]*|wp-config[\w.]*|id_rsa)\b";

    internal static IEnumerable<Rule> All()
    {
        yield return new Rule(
            "path traversal: steps up",
            $@"^[/\\]?(?:\.[/\\])*{Up}{Up}|{Up}(?:[\w.-]+[/\\]+)*{Secret}|[/\\]{Up}{Up}|%c0%a[ef]|\.\.%(?:c1%9c|u2215|u2216)",
            ["..", "%c0%a"]);
        yield return new Rule(
            "path traversal: secret file",
            @"^(?:file:/{1,3})?/?etc/(?:passwd|shadow|sudoers|group|master\.passwd)(?:\x00|%00|$|[?&;\#.])|^(?:file:/{1,3})?/?proc/self/(?:environ|cmdline|maps|fd|status)\b"
            + @"|^file:/{2,3}(?:etc|proc|root|home|[a-z]:)|^(?:php://(?:filter|input|fd)|expect://|phar://|zip://)|^[a-z]:[/\\]+(?:windows|winnt|boot\.ini)",
            ["etc/", "proc/", "file:", "php:", "expect:", "phar:", "zip:", "windows", "winnt", "boot.ini"]);
        yield return new Rule("NUL", @"\x00", ["\0"]);
    }
}
