namespace Larder.Tests.Model;

/// <summary>A key, or a prefix of keys, seen through a scope; the empty scope is the store itself.</summary>
internal readonly record struct Place(string Scope, string Relative)
{
    public string Full => Scope + Relative;

    public override string ToString() => Scope.Length == 0 ? $"'{Relative}'" : $"'{Scope}'/'{Relative}'";
}
