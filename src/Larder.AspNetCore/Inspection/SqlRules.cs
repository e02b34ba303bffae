namespace Larder.AspNetCore.Inspection;

/// <summary>
/// SQL injection. Words of SQL are ordinary words, and whole statements are ordinary searches where people talk about databases; so each rule asks for what
/// breaks out of a value or joins something to it, not for a statement.
/// </summary>
internal static class SqlRules
{
    /// <summary>What separates words of SQL: white space, as text and as a form field, parentheses, comments.</summary>
    private const string S = @"(?:[ \t\r\n\v\f\u00A0+()]|/\*[^*]*\*/|/\*!?[0-9]*|\*/)";

    /// <summary>The end of a value in which something was injected.</summary>
    private const string Break = @"['""`)0-9]";

    private const string Or = @"(?:\b(?:or|and|xor|having)\b|\|\||&&)";

    /// <summary>Beside every "or" that counts stands one of these.</summary>
    private static readonly string[] _breaks = [" ", "\t", "\r", "\n", "\v", "\f", "\u00A0", "+", "(", ")", "'", "\"", "*", "|", "&"];

    private static readonly string[] _calls =
        ["concat", "group_concat", "concat_ws", "char", "chr", "hex", "unhex", "load_file", "user", "version", "database", "schema", "current_user", "system_user", "sleep", "pg_sleep", "if", "cast"];

    // "credit union select committee" goes on with prose; what is injected goes on with a list of columns or a source.
    private static readonly string _union =
        $@"(?:\b|/\*!?[0-9]*)union{S}+(?:(?:all|distinct){S}+select\b|select{S}+(?:distinct{S}+)?(?:"
        + $@"[0-9]+{S}*(?:,|--|\#|;|$|from\b)|\*|@@|null\b|'[^']*'{S}*(?:,|--|\#|;|$|from\b)"
        + $@"|[\w.@`""]+{S}+from{S}+[\w`""]|[\w.@`""]+(?:{S}*,{S}*[\w.@`""']+)*{S}+from{S}+[\w`""]"
        + $@"|(?:{string.Join('|', _calls)})[ ]*\())";

    // "1; drop table", "'); delete from": a statement after the end of a value, or after a parenthesis that the text has not opened; or any drop whose rest is commented out.
    private static readonly string _stacked =
        $@"(?:^|['""`0-9]|^[^(]*\))[ \t\r\n+]*;{S}*(?:(?:drop|truncate|alter){S}+(?:table|database|schema|view|index|user|login|procedure|function|trigger|role)\b"
        + $@"|create{S}+(?:login|user){S}+\w+{S}+(?:with|identified)\b|delete{S}+from{S}+\w|insert{S}+into{S}+\w|update{S}+[\w.`""]+{S}+set\b"
        + $@"|grant{S}+(?:all|select|insert|update|delete|execute)\b|exec(?:ute)?{S}+(?:master\b|xp_|sp_|['""@])|declare{S}+@|shutdown{S}*(?:--|;|with\b)"
        + $@"|select{S}+(?:\*|[\w.@]+{S}+from\b|(?:{string.Join('|', _calls)})[ ]*\())"
        + $@"|;{S}*(?:drop|truncate){S}+(?:table|database|schema){S}+[\w.`""\[\]]+{S}*;?{S}*(?:--|\#)";

    // Two literals that are compared behind an "or": nobody asks for that who wants to know something.
    private static readonly string _tautology =
        $@"{Or}{S}*(?:not{S}+)?(?:{string.Join('|', Enumerable.Range(0, 10).Select(i => $"{i}{S}*(?:=|like){S}*{i}"))})\b"
        + $@"|{Break}{S}*{Or}{S}*(?:not{S}+)?[0-9]{{3,}}{S}*(?:=|<|>)+{S}*[0-9]{{3,}}"
        + $@"|['""]{S}*{Or}{S}*(?:not{S}+)?[0-9]+{S}*(?:=|<|>|!|like\b|between\b|in\b|is\b)+{S}*['""]?[0-9]"
        + $@"|'{S}*{Or}{S}*(?:not{S}+)?'[a-z0-9]{{0,8}}'{S}*(?:=|<|>|!|like\b)+{S}*n?'"
        + $@"|""{S}*{Or}{S}*(?:not{S}+)?""[a-z0-9]?""{S}*(?:=|<|>|!|like\b)+{S}*"""
        + $@"|['""]{S}*{Or}{S}+(?:not{S}+)?(?:true|false|[0-9]|[a-z]{{1,3}}){S}*;?{S}*(?:--|\#|/\*)"
        + $@"|['""]{S}*{Or}{S}+(?:not{S}+)?(?:true|exists|ascii|substr|substring|length|select)[ ]*\({S}*select\b";

    // The one quote of the text, and behind it a comment that goes on to the end: admin'-- and its like.
    private static readonly string _comment = $@"^[^'""]*['""]{S}*;?{S}*(?:--|/\*)[ \t+\-]*$|^[^']*'{S}*\#[ \t]*$";

    // How many columns there are is tried out by sorting by them.
    private static readonly string _columns = $@"{Break}{S}+(?:order|group){S}+by{S}+[0-9]+{S}*(?:--|\#|/\*)";

    // A value that makes the database wait, behind the end of a value; "thread.sleep(10)" has nothing before it.
    private static readonly string _delay =
        $@"(?:['""]{S}*(?:\|\||&&|[-+*/^|,])|[0-9]{S}*(?:\|\||&&)|{Break}{S}*(?:;{S}*select|\b(?:or|and|xor|rlike|where|when)\b)){S}*(?:not{S}+)?(?:select\b)?{S}*"
        + $@"(?:(?:if|iif|case|when)\b[^;]*)?\b(?:sleep|pg_sleep|benchmark|dbms_pipe\.receive_message|dbms_lock\.sleep)[ ]*\("
        + $@"|select[ ]*\([( ]*(?:pg_)?sleep[ ]*\(|['""`);0-9]{S}*waitfor{S}+delay{S}*['""]";

    private static readonly string _function =
        $@"\b(?:extractvalue|updatexml)[ ]*\([^;]*\b(?:concat|select|version|database|user)\b|\binto{S}+(?:outfile|dumpfile){S}+['""]"
        + $@"|\bload_file[ ]*\({S}*(?:['""]|0x|char)|\bexec(?:ute)?{S}+(?:master\.+)?(?:dbo\.)?xp_cmdshell{S}+['""]";

    internal static IEnumerable<Rule> All()
    {
        yield return new Rule("SQL injection: union", _union, ["union"], ["select"]);
        yield return new Rule("SQL injection: stacked statement", _stacked, [";"], ["drop", "truncate", "alter", "create", "delete", "insert", "update", "grant", "exec", "declare", "shutdown", "select"]);
        yield return new Rule("SQL injection: tautology", _tautology, ["or", "and", "having", "||", "&&"], _breaks);
        yield return new Rule("SQL injection: comment", _comment, ["'", "\""], ["-", "*", "#"]);
        yield return new Rule("SQL injection: columns", _columns, ["by"], ["-", "*", "#"]);
        yield return new Rule("SQL injection: delay", _delay, ["sleep", "benchmark", "receive_message", "waitfor"]);
        yield return new Rule("SQL injection: function", _function, ["extractvalue", "updatexml", "outfile", "dumpfile", "load_file", "xp_cmdshell"]);
    }
}
