using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Xunit;

namespace Larder.Tests.Shape;

/// <summary>The public surface of the library as text, one line a member, in an order that does not depend on the compiler.</summary>
internal static class PublicSurface
{
    /// <summary>Holds the public surface of a library to the text that a test project has approved; with <c>LARDER_APPROVE=1</c> it becomes that text.</summary>
    internal static void ShouldBeApproved(Assembly library, string project)
    {
        string path = Path.Combine(Source.Root, "tests", project, "Shape", "PublicSurface.approved.txt");
        string actual = Of(library);
        string approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (actual == approved)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("LARDER_APPROVE") == "1")
        {
            File.WriteAllText(path, actual);
            return;
        }

        string[] now = actual.Split('\n');
        string[] before = approved.Split('\n');
        IEnumerable<string> gone = before.Except(now).Select(line => $"- {line.Trim()}");
        IEnumerable<string> come = now.Except(before).Select(line => $"+ {line.Trim()}");
        Assert.Fail(
            $"The public surface is not the approved one:\n{string.Join('\n', gone.Concat(come))}\n"
            + "If that is meant, accept it with: LARDER_APPROVE=1 ./test.sh --no-coverage --filter PublicSurface");
    }

    private static readonly NullabilityInfoContext _nullability = new();

    internal static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(type.Namespace).Append('.').Append(Name(type)).AppendLine(Bases(type));
            foreach (string member in Members(type).Order(StringComparer.Ordinal))
            {
                text.Append("    ").AppendLine(member);
            }

            text.AppendLine();
        }

        return text.ToString().ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");
        }

        IEnumerable<string> constructors = type.GetConstructors(Declared).Where(IsVisible).Select(constructor => $"new({Parameters(constructor)})");
        IEnumerable<string> properties = type.GetProperties(Declared).Where(property => IsVisible(property.GetMethod) || IsVisible(property.SetMethod)).Select(Property);
        IEnumerable<string> fields = type.GetFields(Declared).Where(field => field.IsPublic).Select(field => $"{(field.IsLiteral ? "const" : "field")} {Name(field.FieldType)} {field.Name}");
        IEnumerable<string> methods = type.GetMethods(Declared)
            .Where(method => IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) && !method.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(Method);
        return [.. constructors, .. properties, .. fields, .. methods];
    }

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static string Kind(Type type) =>
        type.IsInterface ? "interface"
        : type.IsEnum ? "enum"
        : type.IsValueType ? "struct"
        : type.IsAbstract && type.IsSealed ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class" : "class";

    private static string Bases(Type type)
    {
        if (type.IsEnum)
        {
            return $" : {Name(Enum.GetUnderlyingType(type))}";
        }

        IEnumerable<Type> interfaces = type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Where(one => one.IsPublic).OrderBy(one => one.FullName, StringComparer.Ordinal);
        string[] names = [.. new[] { type.BaseType }.Where(one => one is not null && one != typeof(object) && one != typeof(ValueType)).Concat(interfaces).Select(one => Name(one!))];
        return names.Length == 0 ? "" : $" : {string.Join(", ", names)}";
    }

    private static string Property(PropertyInfo property)
    {
        string nullable = !property.PropertyType.IsValueType && _nullability.Create(property).ReadState == NullabilityState.Nullable ? "?" : "";
        string setter = !IsVisible(property.SetMethod) ? ""
            : property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string @static = property.GetMethod?.IsStatic == true ? "static " : "";
        return $"{@static}{required}{Name(property.PropertyType)}{nullable} {property.Name} {{ get;{setter} }}";
    }

    private static string Method(MethodInfo method)
    {
        string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        string @static = method.IsStatic && !method.IsDefined(typeof(ExtensionAttribute)) ? "static " : "";
        string obsolete = method.IsDefined(typeof(ObsoleteAttribute)) ? " [obsolete]" : "";
        return $"{@static}{Annotated(method.ReturnParameter)} {method.Name}{generic}({Parameters(method)}){obsolete}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select((parameter, i) =>
    {
        string @this = i == 0 && method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        string passed = parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "";
        string value = !parameter.HasDefaultValue ? "" : $" = {(parameter.DefaultValue is string text ? $"\"{text}\"" : parameter.DefaultValue ?? "default")}";
        return $"{@this}{passed}{Annotated(parameter)} {parameter.Name}{value}";
    }));

    private static string Annotated(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        bool isNullable = type is { IsValueType: false, IsGenericParameter: false } && _nullability.Create(parameter) is { ReadState: NullabilityState.Nullable } or { WriteState: NullabilityState.Nullable };
        return Name(type) + (isNullable ? "?" : "");
    }

    private static string Name(Type type)
    {
        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{Name(value)}?";
        }

        string plain = type.Name switch
        {
            nameof(Boolean) => "bool",
            nameof(Byte) => "byte",
            nameof(Int32) => "int",
            nameof(Int64) => "long",
            nameof(String) => "string",
            nameof(Object) => "object",
            "Void" => "void",
            _ => type.Name.Split('`')[0],
        };
        return type.IsGenericType ? $"{plain}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : plain;
    }
}
