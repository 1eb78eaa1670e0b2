using System.Reflection;

namespace Grokking.Properties.PublicSurface;

/// <summary>Names of types as they are written in C#, with a question mark where null may stand.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
    };

    /// <summary>The type of a parameter or of what a method returns.</summary>
    public static string Of(ParameterInfo parameter)
    {
        var name = Of(new NullabilityInfoContext().Create(parameter), parameter.ParameterType);
        return parameter.IsOut ? name.Replace("ref ", "out ", StringComparison.Ordinal) : name;
    }

    /// <summary>The type of a property.</summary>
    public static string Of(PropertyInfo property) => Of(new NullabilityInfoContext().Create(property), property.PropertyType);

    /// <summary>The type of a field.</summary>
    public static string Of(FieldInfo field) => Of(new NullabilityInfoContext().Create(field), field.FieldType);

    /// <summary>A type of which nothing is known about null.</summary>
    public static string Of(Type type) => Of(null, type);

    /// <summary>A type's name within its namespace: the types around it, itself, and its own parameters.</summary>
    public static string Path(Type type)
    {
        var around = type.DeclaringType is { } outer && !type.IsGenericParameter ? Path(outer) + "." : "";
        var inherited = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        return around + Simple(type) + Arguments([.. type.GetGenericArguments().Skip(inherited)]);
    }

    /// <summary>Type arguments in angle brackets.</summary>
    public static string Arguments(IReadOnlyCollection<Type> arguments) => arguments.Count == 0 ? "" : $"<{string.Join(", ", arguments.Select(Of))}>";

    /// <summary>What type parameters must satisfy.</summary>
    public static string Constraints(IReadOnlyCollection<Type> parameters) => string.Concat(
        from parameter in parameters
        let bounds = parameter.GetGenericParameterConstraints()
        where bounds.Length > 0
        select $" where {parameter.Name} : {string.Join(", ", bounds.Select(Of))}");

    /// <summary>Whether null may stand anywhere in a type, as a reference. (A number that may be missing is a value that says so; a type parameter is the caller's.)</summary>
    public static bool Admits(NullabilityInfo nullability) =>
        IsMarked(nullability)
        || nullability.GenericTypeArguments.Any(Admits)
        || (nullability.ElementType is { } element && Admits(element));

    private static string Of(NullabilityInfo? nullability, Type type)
    {
        var mark = nullability is not null && IsMarked(nullability) ? "?" : "";
        string Argument(int i) => Of(nullability?.GenericTypeArguments.ElementAtOrDefault(i), type.GetGenericArguments()[i]);

        if (type.IsByRef)
        {
            return "ref " + Of(nullability?.ElementType, type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return $"{Of(nullability?.ElementType, type.GetElementType()!)}[]{mark}";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{Of(underlying)}?";
        }

        if (!type.IsGenericType || type.IsGenericTypeDefinition)
        {
            return (Words.TryGetValue(type, out var word) ? word : type.IsGenericParameter ? type.Name : Path(type)) + mark;
        }

        var arguments = Enumerable.Range(0, type.GetGenericArguments().Length).Select(Argument).ToList();
        if (type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true || type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal))
        {
            return $"({string.Join(", ", arguments)})";
        }

        var own = arguments.Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0).ToList();
        var around = type.DeclaringType is { } outer ? Simple(outer) + (arguments.Count > own.Count ? $"<{string.Join(", ", arguments.SkipLast(own.Count))}>" : "") + "." : "";
        return around + Simple(type) + (own.Count > 0 ? $"<{string.Join(", ", own)}>" : "") + mark;
    }

    private static bool IsMarked(NullabilityInfo nullability) =>
        !nullability.Type.IsValueType && !nullability.Type.IsGenericParameter && !nullability.Type.IsByRef && nullability.ReadState == NullabilityState.Nullable;

    private static string Simple(Type type) => type.Name.Split('`')[0];
}
