using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

namespace Larder.Tests.Shape;

/// <summary>Public is what stands in Contracts, in Sessions or in a door, and nothing else; and what is no contract is sealed.</summary>
public sealed class TypeTests
{
    private static readonly Type[] _types = [.. Source.Library.GetTypes().Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && type.Namespace?.StartsWith("Larder", StringComparison.Ordinal) == true)];

    [Fact]
    public void Public_types_stand_where_the_public_looks()
    {
        Dictionary<string, string> declared = [];
        foreach ((string path, string[] lines) in Source.Files())
        {
            foreach (Type type in _types.Where(type => !type.IsNested && lines.Any(line => Declares(line, type))))
            {
                declared.TryAdd(type.FullName!, path);
            }
        }

        foreach (Type type in _types.Where(type => !type.IsNested))
        {
            string name = type.FullName!;
            Assert.True(declared.TryGetValue(name, out string? path), $"{name} was not found in the source");
            bool isOpen = path is "Store.cs" or "StoreFiles.cs" or "Cache.cs" || path.StartsWith("Contracts/", StringComparison.Ordinal) || path.StartsWith("Sessions/", StringComparison.Ordinal);
            Assert.True(isOpen || !type.IsPublic, $"{name} is public, but {path} is no public room");
            Assert.True(!type.IsPublic || type.Namespace is "Larder" or "Larder.Sessions", $"{name} is public, but its namespace is not");
        }

        Assert.All(_types.Where(type => type.IsNestedPublic), type => Assert.True(!type.DeclaringType!.IsPublic, $"{type} is public and nested"));
    }

    [Fact]
    public void Every_class_is_sealed_unless_it_is_a_contract()
    {
        Assert.All(_types.Where(type => type.IsClass), type => Assert.True(type.IsSealed || type.IsAbstract, $"{type} is open to inheritance"));
        Assert.All(
            _types.Where(type => type.IsClass && type.IsAbstract && !type.IsSealed),
            type => Assert.True(type.IsPublic, $"{type} is abstract, but nobody outside can implement it"));
    }

    [Fact]
    public void Structs_in_readers_hands_cannot_change()
    {
        Assert.All(
            _types.Where(type => type is { IsValueType: true, IsEnum: false, IsPublic: true }),
            type => Assert.True(type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false), $"{type} is no readonly struct"));
    }

    [Fact]
    public void Every_async_member_has_its_token_last()
    {
        IEnumerable<MethodInfo> asynchronous = typeof(IStore).GetMethods().Where(method => method.Name.EndsWith("Async", StringComparison.Ordinal));
        Assert.All(asynchronous, method => Assert.Equal(typeof(CancellationToken), method.GetParameters()[^1].ParameterType));
    }

    [Fact]
    public void Every_member_that_can_wait_has_an_async_twin()
    {
        string[] alone = ["get_Features", "get_Serializer", "Watch", "TryGet"];   // TryGet's twin is GetAsync
        MethodInfo[] members = typeof(IStore).GetMethods();
        foreach (MethodInfo member in members.Where(member => !member.Name.EndsWith("Async", StringComparison.Ordinal) && !alone.Contains(member.Name)))
        {
            Type[] parameters = [.. member.GetParameters().Select(parameter => parameter.ParameterType), typeof(CancellationToken)];
            Assert.True(typeof(IStore).GetMethod($"{member.Name}Async", parameters) is not null, $"{member} has no async twin");
        }
    }

    private static bool Declares(string line, Type type)
    {
        string name = type.Name.Split('`')[0];
        string[] words = line.Split([' ', '(', '<', ':', ';'], StringSplitOptions.RemoveEmptyEntries);
        int at = Array.IndexOf(words, name);
        return at > 0 && (words[at - 1] is "class" or "struct" or "interface" or "enum" or "record" || line.Contains($"delegate", StringComparison.Ordinal))
            && !line.TrimStart().StartsWith("//", StringComparison.Ordinal);
    }
}
