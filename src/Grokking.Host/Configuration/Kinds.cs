using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grokking.Host.Configuration;

/// <summary>
/// The classes of the Model that an experiment can ask for by name, with their settings: whatever derives from a type and says its
/// <see cref="KindAttribute"/>. Reading, writing, columns and schema all follow from what the class says of itself.
/// </summary>
/// <typeparam name="T">The type that they derive from.</typeparam>
internal static class Kinds<T>
    where T : class
{
    private static readonly ImmutableSortedDictionary<string, Type> Types = typeof(T).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(T)) && type.GetCustomAttribute<KindAttribute>() is not null)
        .ToImmutableSortedDictionary(type => type.GetCustomAttribute<KindAttribute>()!.Name, type => type, StringComparer.Ordinal);

    /// <summary>The names, in alphabetical order.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Types.Keys];

    /// <summary>The properties that some kind has, each name once.</summary>
    public static ImmutableArray<PropertyInfo> Properties { get; } =
        [.. Types.Values.SelectMany(type => DeclaredSetting.Of(type)).SelectMany(setting => setting.Properties).DistinctBy(property => property.Name)];

    private static readonly ConcurrentDictionary<Type, string?> Said = new();

    // How an object of a class is made, and what it then gets: asked of the class once.
    private static readonly ConcurrentDictionary<Type, (ConstructorInfo Constructor, ParameterInfo[] Parameters, PropertyInfo[] Properties)> Makings = new();
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Held = new();

    /// <summary>The name of an object's kind.</summary>
    public static string NameOf(T of) => Said.GetOrAdd(of.GetType(), type => type.GetCustomAttribute<KindAttribute>()?.Name)
        ?? throw new ArgumentException($"{of.GetType().Name} has no name in files.", nameof(of));

    /// <summary>The value of a property in an object; null where its kind has none of this name.</summary>
    public static object? ValueOf(T of, PropertyInfo property) => of.GetType().GetProperty(property.Name)?.GetValue(of);

    /// <summary>Reads an object; where its kind is unknown, a harmless stand-in.</summary>
    /// <param name="section">The object.</param>
    /// <param name="given">What the class wants besides its settings, by the name of the constructor's parameter.</param>
    public static T Read(JsonSection section, params (string Name, object Value)[] given)
    {
        string name = section.OneOf("kind", Names);
        Type type = Types.GetValueOrDefault(name, Types.Values.First());
        // Which keys are known depends on the kind; without one, only what all have is asked for, and complaints about keys would mislead.
        ImmutableHashSet<string> known = name.Length > 0 ? [] : [.. DeclaredSetting.Of(typeof(T)).Select(setting => setting.Key)];
        Dictionary<string, object> values = DeclaredSetting.Of(type)
            .SelectMany(setting => setting.Read(name.Length > 0 || known.Contains(setting.Key) ? section : JsonSection.Nothing))
            .ToDictionary(pair => pair.Property.Name, pair => pair.Value);
        if (name.Length > 0)
            section.Close();
        foreach ((string also, object value) in given)
            values[also] = value;
        return Make(type, values);
    }

    /// <summary>The same object but for some of its properties.</summary>
    public static T With(T of, params (string Name, object Value)[] changes)
    {
        Dictionary<string, object> values = Held.GetOrAdd(of.GetType(), HeldBy).ToDictionary(property => property.Name, property => property.GetValue(of)!);
        foreach ((string name, object value) in changes)
            values[name] = value;
        return Make(of.GetType(), values);
    }

    /// <summary>Writes an object's kind and settings, as properties of the JSON object at hand.</summary>
    public static void Write(Utf8JsonWriter json, T of)
    {
        json.WriteString("kind", NameOf(of));
        foreach (DeclaredSetting setting in DeclaredSetting.Of(of.GetType()))
            setting.Write(json, of);
    }

    /// <summary>What editors are told of such an object.</summary>
    public static JsonObject Schema()
    {
        var properties = new JsonObject { ["kind"] = new JsonObject { ["enum"] = Array(Names), ["description"] = Description() } };
        ImmutableArray<(string Kind, DeclaredSetting Setting)> all = [.. Types.SelectMany(pair => DeclaredSetting.Of(pair.Value).Select(setting => (pair.Key, setting)))];
        ImmutableArray<string> required = [.. all.GroupBy(pair => pair.Setting.Key).Where(key => key.Count() == Names.Length && key.All(pair => pair.Setting.IsRequired)).Select(key => key.Key)];
        var rules = new JsonArray();
        foreach (IGrouping<string, (string Kind, DeclaredSetting Setting)> key in all.GroupBy(pair => pair.Setting.Key))
        {
            ImmutableArray<IGrouping<string, (string Kind, DeclaredSetting Setting)>> meanings = [.. key.GroupBy(pair => pair.Setting.Schema().ToJsonString(), StringComparer.Ordinal)];
            properties[key.Key] = meanings.Length == 1 ? key.First().Setting.Schema() : true;
            foreach (IGrouping<string, (string Kind, DeclaredSetting Setting)> meaning in meanings)
            {
                var then = new JsonObject();
                if (meanings.Length > 1)
                    then["properties"] = new JsonObject { [key.Key] = meaning.First().Setting.Schema() };
                if (meaning.First().Setting.IsRequired && !required.Contains(key.Key))
                    then["required"] = Array([key.Key]);
                AddRule(meaning, "then", then);
            }

            if (key.Count() < Names.Length)
                AddRule(key, "else", new JsonObject { ["properties"] = new JsonObject { [key.Key] = false } });
        }

        // What is said of the same kinds is said in one rule.
        void AddRule(IEnumerable<(string Kind, DeclaredSetting Setting)> settings, string when, JsonObject rule)
        {
            JsonObject kinds = new() { ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["enum"] = Array(settings.Select(pair => pair.Kind)) } } };
            if (rule.Count == 0)
                return;
            if (rules.LastOrDefault() is JsonObject last && JsonNode.DeepEquals(last["if"], kinds) && last[when] is null)
                last[when] = rule;
            else
                rules.Add(new JsonObject { ["if"] = kinds, [when] = rule });
        }

        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["required"] = Array(["kind", .. required]), ["properties"] = properties };
        if (rules.Count > 0)
            schema["allOf"] = rules;
        return schema;
    }

    private static string Description() => string.Join(" ", Types.Select(pair => $"{pair.Key}: {pair.Value.GetCustomAttribute<KindAttribute>()!.Description}."));

    private static JsonArray Array(IEnumerable<string> words) => [.. words.Select(word => (JsonNode)word)];

    // A constructor that takes every setting it can, the rest as properties: both ways of writing a record.
    private static T Make(Type type, Dictionary<string, object> values)
    {
        (ConstructorInfo constructor, ParameterInfo[] parameters, PropertyInfo[] properties) = Makings.GetOrAdd(type, MakingOf);
        object made = constructor.Invoke([.. parameters.Select(parameter => Value(parameter, values))]);
        foreach (PropertyInfo property in properties)
        {
            if (values.TryGetValue(property.Name, out object? value))
                property.SetValue(made, value);
        }

        return (T)made;
    }

    private static (ConstructorInfo Constructor, ParameterInfo[] Parameters, PropertyInfo[] Properties) MakingOf(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors().MaxBy(each => each.GetParameters().Length)!;
        return (constructor, constructor.GetParameters(), [.. Properties.Select(property => type.GetProperty(property.Name)).OfType<PropertyInfo>()]);
    }

    private static PropertyInfo[] HeldBy(Type type) =>
    [
        .. type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.Name!)
            .Concat(DeclaredSetting.Of(type).SelectMany(setting => setting.Properties).Select(property => property.Name)).Distinct()
            .Select(type.GetProperty).OfType<PropertyInfo>(),
    ];

    private static object Value(ParameterInfo parameter, Dictionary<string, object> values) => values.TryGetValue(parameter.Name!, out object? value)
        ? value
        : throw new ArgumentException($"Nothing gives {parameter.Member.DeclaringType!.Name} its {parameter.Name}: it is no setting.");
}
