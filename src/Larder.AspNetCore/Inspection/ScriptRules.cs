namespace Larder.AspNetCore.Inspection;

/// <summary>Script injection: markup that would run when it is shown. Markup that only looks like something is ordinary text.</summary>
internal static class ScriptRules
{
    private const string Events =
        "on(?:abort|after|animation|auxclick|before|begin|blur|cancel|canplay|change|click|close|contextmenu|copy|cut|dblclick|drag|drop|end|error|finish|focus|"
        + "formdata|hashchange|input|invalid|key|load|message|mouse|page|paste|play|pointer|popstate|progress|readystate|repeat|reset|resize|scroll|search|seek|select|"
        + @"show|start|storage|submit|suspend|time|toggle|touch|transition|unload|volume|wheel)[a-z]*";

    private const string Script = @"(?:java|vb|live)[\t\r\n]*script[\t\r\n ]*:";

    private const string Executable =
        "(?:alert|confirm|prompt|eval|document|window|location|fetch|import|atob|string|xmlhttprequest|top|self|parent|msgbox|new|this|constructor|settimeout|function)";

    internal static IEnumerable<Rule> All()
    {
        yield return new Rule("script injection: element", @"<[\s/\x00]*script(?:[\s/>]|$)", ["<"], ["script"]);
        yield return new Rule(
            "script injection: handler",
            $@"<[a-z][^<>]*[\s/""'`]{Events}\s*=|[""'][\s/]+{Events}\s*=\s*[""'`]?[\w.\[\]$]*[(`]",
            ["on"],
            ["="]);
        yield return new Rule(
            "script injection: embedded content",
            @"<(?:iframe|frame|object|embed|applet|base)\b[^>]*\b(?:src|srcdoc|data|code|href)\s*=|<meta\b[^>]*\bhttp-equiv\s*=\s*[""']?\s*refresh",
            ["<"],
            ["="]);
        yield return new Rule(
            "script injection: address",
            $@"{Script}[^\s]*?\b{Executable}\b[^\s]*?[.\[(`=]|{Script}//[^\s]*(?:%0[ad]|[\r\n])|=\s*[""']?\s*(?:javascript|vbscript):[^\s]*\(|data:text/html[;,]",
            ["script", "text/html"],
            [":"]);
    }
}
