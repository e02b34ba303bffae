using System.Diagnostics;
using Xunit;

namespace Larder.Tests.Cli;

/// <summary>Runs every sample as a newcomer would.</summary>
public sealed class SampleTests
{
    private static readonly Dictionary<string, string[]> _expected = new()
    {
        ["store.cs"] =
        [
            "user:1 is alice@example.com, version 1, expires: True", "hello, Alice, 30", "visits: 42", "scanned user:1", "scanned user:2", "scanned user:3",
            "first update applied, second refused: the version is 8 now", "user:1 has 2 versions", "a year later: 31", "locked; a second holder gets nothing",
            "moved: True, refused: True, a has 70, b has 30", "10 answers from 1 load", "in the scope 'name' is there: True; in the store it is tenant:42:name",
            "Set user:1", "Set user:2", "Set user:3", "Remove user:3",
        ],
        ["key-value.cs"] =
        [
            "found user:1 = alice@example.com", "found product:1 = laptop", "not found: nonexistent:key",
            "3 under 'user:': user:1 = alice@example.com, user:2 = bob@example.com, user:3 = charlie@example.com",
            "2 under 'product:': product:1 = laptop, product:2 = mouse", "2 under 'config:': config:debug = true, config:port = 8080", "0 under 'admin:': nothing",
            "deleted user:2: True; again: False", "6 keys are left, the first is false", "log: Info opened", "kept: version 6, version 5, version 4, version 3, version 2",
            "log: Info closed", "StoreRuleException: keys start with user:", "StoreRuleException: value too large: maximum 16 bytes, got 20",
            "opened again: alice@example.com", "ObjectDisposedException: store is closed", "ArgumentException: key cannot be empty",
        ],
        ["sessions.cs"] =
        [
            "after 15 minutes alice is alice, known", "after 30 minutes alice is alice, known", "after 30 minutes bob is unknown", "swept: 1",
            "under the new id she is alice, known, under the old one unknown", "signed out, alice is unknown",
        ],
        ["script-storage.cs"] =
        [
            "dark", "language", "theme", "(none)", "keys after clearing: 0", "ratio is NaN, the cycle is whole: True", "cart: [1,2,3]",
            "a pair is a pair: one, another", "rotated: cart is [1,2,3], under the old id it is (none)", "deleted: (none)", "cleared: 1",
        ],
        ["web-guard.cs"] =
        [
            "GET /: 200 hello", "GET /visits: 200 visit 1", "GET /search?q=how+to+select+a+union+representative: 200 you searched for how to select a union representative",
            "GET /search?q=1'+OR+'1'%3D'1: 403 Suspicious query parameter detected", "GET /search?q=<script>alert(1)</script>: 403 Suspicious query parameter detected",
            "GET /: 403 Blocked user agent: BadBot", "POST /login: 200 try again", "POST /login: 200 try again", "POST /login: 200 try again",
            "POST /login: 429 Rate limit exceeded for /login", "GET /: 200 hello (may be read by https://shop.example.org)", "GET /: 200 hello",
            "OPTIONS /visits: 204 (may be read by https://app.example.com)", "GET /: 403 IP is banned", "GET /: 200 hello",
        ],
        ["nostr-group.cs"] =
        [
            "backend: memory, persistent: False", "invited to 'Chess club' with 2 members; relays: 1", "seen before: True", "accepted: group active, pending invitations: 0",
            "page 1: 10 messages, 'move 25' to 'move 16'", "page 2: 10 messages, 'move 15' to 'move 6'", "page 3: 5 messages, 'move 5' to 'move 1'",
            "last message: 'move 25', noted in the group: True", "{\"id\":\"fba449582d84bca2dcc00a6b3abb982bb5908c3a5bff978bcf93bb592f734b5a\",\"pubkey...",
            "commit applied: epoch 2, snapshots: 1, messages: 26", "rolled back to epoch 1: 1 message and 2 records invalidated, 1 to be tried again",
            "epoch 2: group state of epoch 2, by the better commit", "13 messages have disappeared, 13 are left", "Group(redacted), Message(redacted)", "deleted: 0 records are left",
        ],
        ["rate-limit.cs"] = ["of 100 requests at once from one client, 5 were allowed", "0 of 5 remain; more within a minute: True", "another client is allowed"],
        ["guard.cs"] =
        [
            "a page:          allowed", "a listed client: IP filter: IP in blacklist", "a bad agent:     User agent filter: Blocked user agent: BadBot",
            "an attack:       Penetration detection: Suspicious query parameter detected", "a name:          allowed", "a second login:  Rate limit: Rate limit exceeded for /login",
            "banned:          IP filter: IP is banned", "after a restart: IP filter: IP is banned", "forgiven:        allowed",
        ],
        ["cache.cs"] =
        [
            "user 1", "10 answers, 2 loads in all, one object: True", "found Carol", "added again: False, removed: True, found: False",
            "small with 300 bytes left: Replaced", "medium with 600 bytes left: Evicted", "at most 1000 bytes: True, the newcomer is there: True",
            "huge with 5000 bytes left: Evicted", "2 of 3 at once: user 1, user 2, -", "1 left of 2, evictions: 1",
        ],
    };

    [Fact]
    public void Every_sample_runs_and_prints_what_it_shows()
    {
        string samples = Path.Combine(Root(), "samples");

        Assert.Equal(_expected.Keys.Concat(["durable.cs", "persistent-cache.cs"]).Order(), Directory.GetFiles(samples, "*.cs").Select(Path.GetFileName).Order());
        foreach ((string sample, string[] lines) in _expected)
        {
            Outcome ran = DotnetRun(samples, sample);

            Assert.True(ran.ExitCode == 0, $"{sample} ended with {ran.ExitCode}:\n{ran.Out}\n{ran.Error}");
            Assert.Equal(lines, ran.Lines);
        }
    }

    [Fact]
    public void The_durable_sample_finds_at_its_second_run_what_the_first_one_wrote()
    {
        string samples = Path.Combine(Root(), "samples");
        DirectoryInfo data = Directory.CreateTempSubdirectory("larder-");
        try
        {
            Outcome first = DotnetRun(samples, "durable.cs", data.FullName);
            Outcome second = DotnetRun(samples, "durable.cs", data.FullName);

            Assert.True((first.ExitCode, second.ExitCode) == (0, 0), $"{first.Out}\n{first.Error}\n{second.Out}\n{second.Error}");
            string[] same = ["a second owner is refused: StoreInUseException", "account:a: {0}", "account:b: {1}", "backup: 5 entries, sound"];
            Assert.Equal(["run 1: nothing here yet", .. same.Select(line => line.Replace("{0}", "-10", StringComparison.Ordinal).Replace("{1}", "10", StringComparison.Ordinal))], first.Lines);
            Assert.Equal(["run 2: the last one wrote 'written in run 1'", .. same.Select(line => line.Replace("{0}", "-20", StringComparison.Ordinal).Replace("{1}", "20", StringComparison.Ordinal))], second.Lines);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_persistent_cache_is_warm_at_its_second_run()
    {
        string samples = Path.Combine(Root(), "samples");
        using var scratch = new TemporaryDirectory();

        Outcome first = DotnetRun(samples, "persistent-cache.cs", scratch.Under("cache"));
        Outcome second = DotnetRun(samples, "persistent-cache.cs", scratch.Under("cache"));

        Assert.True((first.ExitCode, second.ExitCode) == (0, 0), $"{first.Out}\n{first.Error}\n{second.Out}\n{second.Error}");
        string[] same =
        [
            "Cached username: alice, Profile { Field1 = text, Field2 = 4203558 }, 42", "username has more than 9 minutes: True; nobody has none",
            "the value of 'profile' is stored as a serialized object and cannot be read as System.String.", "10 answers from at most one load: True",
            "under a lock, 10 times 100 is 1000", "4 entries; under 're' 1 is removed",
        ];
        Assert.Equal(["Cache miss or expired", .. same], first.Lines);
        Assert.Equal(["still warm: alice", .. same], second.Lines);
    }

    private static Outcome DotnetRun(string directory, string sample, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["run", sample, .. arguments]) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };

        // Build processes that stay would keep our pipes open, and what the test host sets for itself must not reach the build.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.Ordinal) || name.StartsWith("CORECLR_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, error.Result);
    }

    private static string Root()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "Larder.slnx")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException("the tests run outside the repository");
    }
}
