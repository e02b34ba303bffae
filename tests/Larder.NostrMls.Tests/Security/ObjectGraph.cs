using System.Reflection;
using System.Runtime.CompilerServices;

namespace Larder.NostrMls.Tests.Security;

/// <summary>Everything that can be reached from an object by its fields, whatever it is made of.</summary>
internal static class ObjectGraph
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The arrays of bytes in which something is found.</summary>
    public static IReadOnlyList<byte[]> Find(object root, byte[] wanted)
    {
        var found = new List<byte[]>();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var left = new Stack<object>([root]);
        while (left.TryPop(out object? each))
        {
            if (!seen.Add(each) || each is Type or MemberInfo or Assembly or Thread or Pointer)
            {
                continue;
            }

            if (each is byte[] bytes)
            {
                if (Holds(bytes, wanted))
                {
                    found.Add(bytes);
                }
            }
            else if (each is Array { Length: > 0 } array && !array.GetType().GetElementType()!.IsPrimitive && !array.GetType().GetElementType()!.IsPointer)
            {
                foreach (object item in array.Cast<object?>().OfType<object>())
                {
                    left.Push(item);
                }
            }
            else
            {
                foreach (object value in Values(each))
                {
                    left.Push(value);
                }
            }
        }

        return found;
    }

    public static bool Holds(byte[] bytes, byte[] wanted) => bytes.AsSpan().IndexOf(wanted) >= 0;

    /// <summary>Where an array lies at this moment.</summary>
    public static unsafe nuint AddressOf(byte[] bytes) => (nuint)Unsafe.AsPointer(ref bytes[0]);

    private static IEnumerable<object> Values(object each)
    {
        for (Type? type = each.GetType(); type is not null && !type.IsPrimitive && type != typeof(string); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(Fields))
            {
                if (!field.FieldType.IsPointer && !field.FieldType.IsByRefLike && !field.FieldType.IsPrimitive && field.GetValue(each) is { } value)
                {
                    yield return value;
                }
            }
        }
    }
}
