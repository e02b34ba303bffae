using System.Text.RegularExpressions;
using Xunit;

namespace Larder.Tests.Shape;

/// <summary>
/// The rooms of the house: each uses only what stands on a floor below, siblings do not know each other, and a file's namespace is the
/// room it stands in.
/// </summary>
public sealed partial class RoomTests
{
    private static readonly Dictionary<string, int> _floors = new()
    {
        ["Contracts"] = 1,
        ["Primitives"] = 1,
        ["Entries"] = 2,
        ["Locks"] = 2,
        ["Sessions"] = 2,
        ["Changes"] = 2,
        ["Eviction"] = 3,
        ["Expiration"] = 3,
        ["Indexing"] = 3,
        ["Durability"] = 3,
        ["Engine"] = 4,
        ["door"] = 5,
    };

    [Fact]
    public void Every_room_uses_only_what_stands_below_it()
    {
        List<string> upward = [];
        foreach ((string path, string[] lines) in Source.Files())
        {
            foreach (string used in lines.SelectMany(line => LarderName().Matches(line)).Select(match => match.Groups[1].Value).Distinct())
            {
                if (used != Room(path) && _floors.TryGetValue(used, out int floor) && floor >= _floors[Room(path)])
                {
                    upward.Add($"{path} uses {used}");
                }
            }
        }

        Assert.Empty(upward);
    }

    [Fact]
    public void Every_file_stands_in_a_room_that_is_on_the_map()
    {
        Assert.All(Source.Files(), file => Assert.Contains(Room(file.Path), _floors.Keys));
        string[] vague = ["Utils", "Util", "Helpers", "Common", "Misc", "Core", "Shared"];
        IEnumerable<string> folders = new[] { "src", "tests", "bench" }
            .SelectMany(top => Directory.EnumerateDirectories(Path.Combine(Source.Root, top), "*", SearchOption.AllDirectories))
            .Select(folder => Path.GetFileName(folder)!);
        Assert.Empty(folders.Intersect(vague, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Every_namespace_is_that_of_its_room()
    {
        List<string> astray = [];
        foreach ((string path, string[] lines) in Source.Files())
        {
            string room = Room(path);
            string[] allowed = room switch
            {
                "Contracts" or "door" => ["Larder"],
                "Sessions" => ["Larder", "Larder.Sessions"],
                _ => [$"Larder.{room}"],
            };
            string? declared = lines.FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
            if (declared is not null && !allowed.Contains(declared["namespace ".Length..].TrimEnd(';')))
            {
                astray.Add($"{path}: {declared}");
            }
        }

        Assert.Empty(astray);
    }

    [Fact]
    public void The_library_needs_nothing_but_the_base_class_library()
    {
        Assert.All(Source.Library.GetReferencedAssemblies(), reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));
        Assert.DoesNotContain("<PackageReference", File.ReadAllText(Path.Combine(Source.Root, "src", "Larder", "Larder.csproj")), StringComparison.Ordinal);
    }

    private static string Room(string path) => path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : "door";

    /// <summary>A room that is named, in a using line or in place.</summary>
    [GeneratedRegex(@"(?:^using (?:static )?Larder\.|(?<![\w.""])Larder\.)(\w+)")]
    private static partial Regex LarderName();
}
