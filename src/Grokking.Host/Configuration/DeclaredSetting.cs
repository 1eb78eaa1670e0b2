using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grokking.Host.Configuration;

/// <summary>One key of a kind's settings: a property, or a pair of them.</summary>
/// <param name="Key">The key, as it is written.</param>
/// <param name="Properties">One property, or two.</param>
internal sealed record DeclaredSetting(string Key, ImmutableArray<PropertyInfo> Properties)
{
    // What a class says of itself is asked for once: a sweep reads ten thousand experiments.
    private static readonly ConcurrentDictionary<Type, ImmutableArray<DeclaredSetting>> Known = new();

    private Type Type { get; } = Properties[0].PropertyType;

    private ImmutableArray<SettingAttribute> Said { get; } = [.. Properties.Select(property => property.GetCustomAttribute<SettingAttribute>()!)];

    private SettingAttribute First => Said[0];

    // Several members of an enumeration of flags may be chosen; those that stand for several already are not offered.
    private bool IsSet { get; } = IsFlags(Properties[0].PropertyType);

    private ImmutableArray<string> Words { get; } = WordsOf(Properties[0].PropertyType);

    private Range Allowed => new(
        double.IsNaN(First.Above) ? (double.IsNaN(First.From) ? double.MinValue : First.From) : First.Above,
        double.IsNaN(First.Below) ? (double.IsNaN(First.To) ? double.PositiveInfinity : First.To) : First.Below,
        double.IsNaN(First.Above),
        double.IsNaN(First.Below) && !double.IsNaN(First.To));

    /// <summary>The settings of a class, those of its bases first.</summary>
    public static ImmutableArray<DeclaredSetting> Of(Type type) => Known.GetOrAdd(type, LookedUp);

    private static ImmutableArray<DeclaredSetting> LookedUp(Type type) =>
    [
        .. type.GetProperties()
            .Where(property => property.GetCustomAttribute<SettingAttribute>() is not null)
            .OrderBy(property => Depth(property.DeclaringType!)).ThenBy(property => property.MetadataToken)
            .GroupBy(property => property.GetCustomAttribute<SettingAttribute>()!.Pair is { Length: > 0 } pair ? pair : Camel(property.Name))
            .Select(group => new DeclaredSetting(group.Key, [.. group])),
    ];

    /// <summary>A name with a small first letter.</summary>
    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    /// <summary>A property's name as a column: <c>WeightDecay</c> is <c>weight_decay</c>.</summary>
    public static string Column(PropertyInfo property)
    {
        var text = new StringBuilder();
        foreach (char letter in property.Name)
            text.Append(char.IsUpper(letter) && text.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(letter));
        return text.ToString();
    }

    /// <summary>A value in words: a member's name, several members' names, or the number or truth itself.</summary>
    public static string Text(object value) => value is Enum member
        ? string.Join(", ", member.ToString().Split(", ").Select(Camel))
        : Camel(Convert.ToString(value, CultureInfo.InvariantCulture)!);

    /// <summary>Reads the values of the properties.</summary>
    public IEnumerable<(PropertyInfo Property, object Value)> Read(JsonSection section)
    {
        double? otherwise = double.IsNaN(First.Default) ? null : First.Default;
        if (Properties.Length == 2)
        {
            (double first, double second) = section.Pair(Key, Allowed, (Said[0].Default, Said[1].Default));
            return [(Properties[0], first), (Properties[1], second)];
        }

        return IsSet ? [(Properties[0], Members(section))]
            : Type.IsEnum ? [(Properties[0], Member(section, otherwise))]
            : Type == typeof(bool) ? [(Properties[0], section.Truth(Key, otherwise is { } truth ? truth != 0 : null))]
            : Type == typeof(int) ? [(Properties[0], (int)section.Integer(Key, (long)First.From, (long)First.To, (long?)otherwise))]
            : [(Properties[0], section.Number(Key, Allowed, otherwise))];
    }

    /// <summary>Writes the values that an object has; nothing for a later setting that is as everything was before.</summary>
    public void Write(Utf8JsonWriter json, object of)
    {
        if (First.IsLater && Convert.ToDouble(Properties[0].GetValue(of), CultureInfo.InvariantCulture) == First.Default)
            return;
        json.WritePropertyName(Key);
        if (Properties.Length == 2)
            json.WriteStartArray();
        foreach (PropertyInfo property in Properties)
        {
            if (IsSet)
                WriteMembers(json, Number(property.GetValue(of)!));
            else if (property.GetValue(of) is Enum member)
                json.WriteStringValue(Camel(member.ToString()));
            else if (property.GetValue(of) is bool truth)
                json.WriteBooleanValue(truth);
            else if (property.GetValue(of) is int integer)
                json.WriteNumberValue(integer);
            else
                json.WriteNumberValue((double)property.GetValue(of)!);
        }

        if (Properties.Length == 2)
            json.WriteEndArray();
    }

    /// <summary>What editors are told of it.</summary>
    public JsonObject Schema()
    {
        JsonObject one = Type.IsEnum ? new() { ["enum"] = new JsonArray([.. Words.Select(word => (JsonNode)word)]) }
            : Type == typeof(int) ? new() { ["type"] = "integer" }
            : Type == typeof(bool) ? new() { ["type"] = "boolean" }
            : new() { ["type"] = "number" };
        Bound("minimum", First.From);
        Bound("exclusiveMinimum", First.Above);
        Bound("maximum", First.To);
        Bound("exclusiveMaximum", First.Below);
        JsonObject whole = IsSet ? new() { ["type"] = "array", ["uniqueItems"] = true, ["items"] = one }
            : Properties.Length == 1 ? one
            : new() { ["type"] = "array", ["minItems"] = 2, ["maxItems"] = 2, ["items"] = one };
        if (!double.IsNaN(First.Default))
            whole["default"] = Otherwise();
        whole["description"] = string.Join("; ", Said.Select(said => said.Description));
        return whole;

        JsonNode Otherwise() => Properties.Length == 2 ? new JsonArray(Said[0].Default, Said[1].Default)
            : IsSet ? new JsonArray([.. Chosen((int)First.Default).Select(word => (JsonNode)word)])
            : Type.IsEnum ? Words[(int)First.Default]
            : Type == typeof(bool) ? First.Default != 0
            : First.Default;

        void Bound(string word, double value)
        {
            if (!double.IsNaN(value))
                one[word] = value;
        }
    }

    /// <summary>Whether it must be given.</summary>
    public bool IsRequired => double.IsNaN(First.Default);

    private object Member(JsonSection section, double? otherwise)
    {
        string word = section.OneOf(Key, Words, otherwise is { } place ? Words[(int)place] : null);
        return Enum.ToObject(Type, Math.Max(0, Words.IndexOf(word)));
    }

    private object Members(JsonSection section) => Enum.ToObject(
        Type, section.Has(Key) ? section.Names(Key, Words).Where(Words.Contains).Sum(word => Number(Enum.Parse(Type, word, ignoreCase: true))) : (int)First.Default);

    private void WriteMembers(Utf8JsonWriter json, int members)
    {
        json.WriteStartArray();
        foreach (string word in Chosen(members))
            json.WriteStringValue(word);
        json.WriteEndArray();
    }

    private IEnumerable<string> Chosen(int members) => Words.Where(word => (members & Number(Enum.Parse(Type, word, ignoreCase: true))) != 0);

    private static bool IsFlags(Type type) => type.IsEnum && type.IsDefined(typeof(FlagsAttribute));

    private static ImmutableArray<string> WordsOf(Type type) => type.IsEnum
        ? [.. Enum.GetNames(type).Where(name => !IsFlags(type) || BitOperations.IsPow2(Number(Enum.Parse(type, name)))).Select(Camel)]
        : [];

    private static int Number(object member) => Convert.ToInt32(member, CultureInfo.InvariantCulture);

    private static int Depth(Type type) => type.BaseType is { } above ? 1 + Depth(above) : 0;
}
