using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Grokking.Properties.PublicSurface;

/// <summary>Writes public types and members as a reader of the library sees them: one line each, in the words of C#.</summary>
internal static class Declarations
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What every record and every value has, written by the compiler or by hand, says nothing about the library.
    private static readonly string[] Universal =
        ["Equals", "GetHashCode", "ToString", "Deconstruct", "PrintMembers", "EqualityContract", "<Clone>$", "op_Equality", "op_Inequality"];

    /// <summary>The types that a caller can name, namespace by namespace.</summary>
    public static IEnumerable<Type> Types(Assembly assembly) => assembly.GetExportedTypes()
        .OrderBy(type => type.Namespace, StringComparer.Ordinal)
        .ThenBy(TypeNames.Path, StringComparer.Ordinal);

    /// <summary>The members that a caller or an heir can name; what an override repeats is left to the type that declares it.</summary>
    public static IEnumerable<MemberInfo> Members(Type type) => type.IsEnum || typeof(Delegate).IsAssignableFrom(type)
        ? []
        : type.GetMembers(Declared).Where(IsSeen).OrderBy(Kind).ThenBy(member => member.Name, StringComparer.Ordinal).ThenBy(Line, StringComparer.Ordinal);

    /// <summary>The members that get a line of their own: a positional record says the others in its own line.</summary>
    public static IEnumerable<MemberInfo> Listed(Type type)
    {
        var primary = Primary(type);
        var said = primary.SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.Name).ToHashSet();
        return Members(type).Where(member => !primary.Contains(member) && !(member is PropertyInfo && said.Contains(member.Name)));
    }

    /// <summary>The line of a type.</summary>
    public static string Line(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            var call = type.GetMethod("Invoke")!;
            return $"delegate {TypeNames.Of(call.ReturnParameter)} {TypeNames.Path(type)}({Parameters(call)}){TypeNames.Constraints(type.GetGenericArguments())}";
        }

        if (type.IsEnum)
        {
            return $"enum {TypeNames.Path(type)} {{ {string.Join(", ", Enum.GetNames(type))} }}";
        }

        var kind = (type.IsInterface ? "interface " : IsRecord(type) ? "record " : type.IsValueType ? "" : "class ") + (type.IsValueType ? "struct " : "");
        var form = type.IsInterface || type.IsValueType ? "" : type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        var bases = type.BaseType is { } above && above != typeof(object) && above != typeof(ValueType) ? [above] : Type.EmptyTypes;
        var own = type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Where(face => face.Name != "IEquatable`1" && face.Name != "IAdditionOperators`3");
        var parents = bases.Concat(own.OrderBy(face => face.Name, StringComparer.Ordinal)).Select(TypeNames.Of).ToList();
        var positions = string.Concat(Primary(type).Select(constructor => $"({Parameters(constructor)})"));
        return $"{form}{kind}{TypeNames.Path(type)}{positions}{(parents.Count > 0 ? " : " + string.Join(", ", parents) : "")}{TypeNames.Constraints(OwnArguments(type))}";
    }

    /// <summary>The line of a member.</summary>
    public static string Line(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"{Access(constructor)}new({Parameters(constructor)})",
        FieldInfo { IsLiteral: true } constant => $"const {TypeNames.Of(constant)} {constant.Name} = {Convert.ToString(constant.GetRawConstantValue(), CultureInfo.InvariantCulture)}",
        FieldInfo field => $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{TypeNames.Of(field)} {field.Name}",
        PropertyInfo property => Line(property),
        MethodInfo method =>
            $"{Access(method)}{Form(method)}{TypeNames.Of(method.ReturnParameter)} {method.Name}{TypeNames.Arguments(method.GetGenericArguments())}({Parameters(method)}){TypeNames.Constraints(method.GetGenericArguments())}",
        _ => throw new InvalidOperationException($"A model has no {member.MemberType}: {member.DeclaringType}.{member.Name}."),
    };

    private static string Line(PropertyInfo property)
    {
        var getter = property.GetMethod!;
        var name = property.GetIndexParameters() is { Length: > 0 } ? $"this[{Parameters(getter)}]" : property.Name;
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var setter = property.SetMethod is { } set && IsOpen(set) ? isInit ? " init;" : " set;" : "";
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        return $"{Access(getter)}{required}{Form(getter)}{TypeNames.Of(property)} {name} {{ get;{setter} }}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "")}{TypeNames.Of(parameter)} {parameter.Name}{(parameter.IsOptional ? " = " + (parameter.RawDefaultValue ?? "null") : "")}"));

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Form(MethodInfo method) =>
        (method.IsStatic ? "static " : "") + (method.DeclaringType is { IsInterface: true } ? method.IsStatic ? "abstract " : ""
            : method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal ? "virtual " : "");

    private static bool IsRecord(Type type) => type.GetMethods(Declared).Any(method => method.Name == (type.IsValueType ? "PrintMembers" : "<Clone>$"));

    private static ConstructorInfo[] Primary(Type type) => IsRecord(type)
        ? [.. type.GetConstructors().Where(constructor => constructor.GetParameters() is { Length: > 0 } given
            && given.All(parameter => type.GetProperty(parameter.Name!) is { SetMethod: not null } property && property.PropertyType == parameter.ParameterType))]
        : [];

    private static Type[] OwnArguments(Type type) => [.. type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0)];

    private static bool IsSeen(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => IsOpen(constructor) && !constructor.IsStatic && !IsCopy(constructor),
        FieldInfo field => field.IsPublic,
        PropertyInfo property => property.GetMethod is { } getter && IsOpen(getter) && IsFirst(getter) && !Universal.Contains(property.Name),
        MethodInfo method => IsOpen(method) && IsFirst(method) && !Universal.Contains(method.Name) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        _ => false,
    };

    private static bool IsOpen(MethodBase method) => method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    private static bool IsFirst(MethodInfo method) => method.GetBaseDefinition() == method;

    private static bool IsCopy(ConstructorInfo constructor) =>
        constructor.GetParameters() is [var only] && only.ParameterType == constructor.DeclaringType;

    private static int Kind(MemberInfo member) => member switch
    {
        ConstructorInfo => 0,
        FieldInfo => 1,
        PropertyInfo => 2,
        _ => 3,
    };
}
