using System.Text;
using Larder.Entries;
using Larder.Primitives;

namespace Larder.Tests.Engine;

/// <summary>Nodes as the rooms below the engine see them.</summary>
internal static class Nodes
{
    private static readonly KeyedHash _hash = new(1, 2, 3);

    public static uint HashOf(string key) => _hash.Of(Encoding.UTF8.GetBytes(key));

    public static Node New(string key) => new(Encoding.UTF8.GetBytes(key), HashOf(key));

    public static Record Version(long deadline)
    {
        Record version = Record.Of([], ValueKind.Bytes);
        version.Stamp(1, deadline);
        return version;
    }

    public static string KeyOf(Node node) => Encoding.UTF8.GetString(node.Key);
}
