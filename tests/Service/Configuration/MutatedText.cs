using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Grokking.Service.Configuration;

/// <summary>A configuration file that somebody has spoilt.</summary>
/// <param name="How">What was done to it, in order.</param>
/// <param name="Bytes">The file.</param>
public sealed record MutatedText(string How, ImmutableArray<byte> Bytes)
{
    /// <inheritdoc/>
    public override string ToString() => $"{How}\n{Encoding.UTF8.GetString(Bytes.AsSpan())}";
}

/// <summary>
/// Spoils files as people, editors and programs do: keys dropped, renamed, misspelled, doubled, moved; values of other types, out of range, too large, too long, exchanged
/// between places; texts cut off, with bytes that belong to no text; and all of it several times over.
/// </summary>
internal static class Mutations
{
    /// <summary>Values that are wrong nearly everywhere, as they are written.</summary>
    private static readonly string[] Strange =
    [
        "null", "true", "false", "{}", "[]", "[[]]", "[null]", "[1, 2, 3]", "[\"norms\", 1]", "{\"a\": {\"b\": 1}}", "\"\"", "\" \"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\u202e\U0001F600\"",
        "0", "-0", "-1", "1", "2", "0.5", "-0.5", "1.5", "1e-400", "1e400", "-1e400", "1E+308", "4.9e-324", "0.1e1", "2147483647", "2147483648", "-2147483649", "9007199254740993", "9223372036854775808",
        "123456789012345678901234567890123456789012345678901234567890", "0.00000000000000000000000000000000000000000000000000000000000000000001", "NaN", "Infinity", "-Infinity", "+1", "01", "1.", ".5", "1_000", "0x10", "'x'", "undefined",
        "\"NaN\"", "\"1\"", "\"full\"", "\"adamW\"", "\"x + y\"", "\"x / 0\"", "\"((((\"", "\"x^x^x^99999999999\"", "\"compose(x\"", "\"../../etc/passwd\"", "\"task.modulus\"",
    ];

    /// <summary>A spoilt file out of several sound ones.</summary>
    /// <param name="originals">The sound ones.</param>
    public static Arbitrary<MutatedText> Of(IReadOnlyList<string> originals) => (
        from original in Gen.Elements<string>(originals)
        from seed in Gen.Choose(0, int.MaxValue)
        from count in Gen.Choose(1, 3)
        select Spoil(original, originals, new System.Random(seed), count)).ToArbitrary();

    /// <summary>A sound file but for one setting, whose value fits nowhere.</summary>
    /// <param name="originals">Sound ones.</param>
    public static Arbitrary<(string Path, string Value, string Text)> OfOneValue(IReadOnlyList<string> originals) => (
        from original in Gen.Elements<string>(originals)
        from seed in Gen.Choose(0, int.MaxValue)
        from value in Gen.Elements(Impossible)
        select OneValue(original, new System.Random(seed), value)).ToArbitrary();

    /// <summary>Sound files, each with a path that may lead nowhere and a value that may fit nowhere.</summary>
    /// <param name="originals">Sound ones.</param>
    public static Arbitrary<(string Path, string Value, string Text)> OfChanges(IReadOnlyList<string> originals) => (
        from original in Gen.Elements<string>(originals)
        from depth in Gen.Frequency((9, Gen.Choose(1, 3)), (1, Gen.Choose(4, 200)))
        from keys in Gen.Elements("task", "modulus", "split", "later", "network", "kind", "width", "optimiser", "betas", "0", "1", "7", "-1", "gradient", "measures", "evaluation", "seed", "name", "\ud800", "\0", " ", "$schema").ArrayOf(depth)
        from value in Gen.Frequency((5, Gen.Elements(Strange)), (1, Gen.Choose(0, int.MaxValue).Select(seed => Nested(new System.Random(seed)))))
        select (string.Join('.', keys), value, original)).ToArbitrary();

    private static readonly string[] Impossible =
        ["{\"a\": {\"b\": 1}}", "1e400", "-1e400", "-7.25", "\"\\ud800\"", "\"no such word\"", "null", $"\"{new string('y', 500)}\"", $"[{string.Join(",", Enumerable.Range(0, 300))}]", "[[\"norms\"]]"];

    private static (string Path, string Value, string Text) OneValue(string original, System.Random random, string value)
    {
        JsonNode root = JsonNode.Parse(original)!;
        JsonObject[] sections = [root.AsObject(), .. root.AsObject().Where(member => member.Key is not "labelCorruption").Select(member => member.Value).OfType<JsonObject>()];
        // A name and a source may be any text, and so may what only editors read.
        (JsonObject Section, string Key)[] places = [.. sections.SelectMany(section => section.Where(member => member.Value is not JsonObject && member.Key is not ("name" or "source" or "$schema" or "operation")).Select(member => (section, member.Key)))];
        (JsonObject section, string key) = places[random.Next(places.Length)];
        section[key] = "@@";
        string path = section == root ? key : $"{section.GetPropertyName()}.{key}";
        return (path, value, root.ToJsonString().Replace("\"@@\"", value, StringComparison.Ordinal));
    }

    private static MutatedText Spoil(string original, IReadOnlyList<string> originals, System.Random random, int count)
    {
        JsonNode root = JsonNode.Parse(original)!;
        var how = new List<string>();
        // What the tree cannot hold, such as NaN or a key that stands twice, is put in by name when it has become a text.
        var replaced = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
            how.Add(InTree(root, originals, random, replaced));
        string text = replaced.Aggregate(root.ToJsonString(), (now, pair) => now.Replace(pair.Key, pair.Value, StringComparison.Ordinal));
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (random.Next(4) == 0)
        {
            (string what, bytes) = InBytes(bytes, random);
            how.Add(what);
        }

        return new MutatedText(string.Join("; ", how), [.. bytes]);
    }

    private static string InTree(JsonNode root, IReadOnlyList<string> originals, System.Random random, Dictionary<string, string> replaced)
    {
        if (Pick(Objects(root), random) is not { } place || Pick(place, random) is not { Key: { } key } member)
            return "nothing was left to spoil";
        string mark = $"@{replaced.Count}@";
        switch (random.Next(10))
        {
            case 0:
                place.Remove(key);
                return $"{key} dropped";
            case 1:
                place.Remove(key);
                place[Misspelled(key, random)] = member.Value?.DeepClone();
                return $"{key} misspelled";
            case 2:
                place[$"{mark}"] = member.Value?.DeepClone();
                replaced[mark] = key;
                return $"{key} doubled";
            case 3:
                // Another value from anywhere, perhaps of another file.
                JsonNode other = JsonNode.Parse(Pick(originals, random)!)!;
                place[key] = Pick([.. Objects(other).SelectMany(each => each).Select(each => each.Value)], random)?.DeepClone();
                return $"{key} has another's value";
            case 4:
                string letters = new(Enumerable.Range(0, random.Next(1, 3000)).Select(_ => (char)random.Next(32, 0x3000)).ToArray());
                place[key] = letters;
                return $"{key} is long";
            case 5:
                replaced[$"\"{mark}\""] = Nested(random);
                place[key] = mark;
                return $"{key} is nested";
            case 6:
                // A number nearby, or far away.
                replaced[$"\"{mark}\""] = ((random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-5, 20))).ToString("R", CultureInfo.InvariantCulture);
                place[key] = mark;
                return $"{key} is a number";
            default:
                string strange = Pick(Strange, random)!;
                replaced[$"\"{mark}\""] = strange;
                place[key] = mark;
                return $"{key} is {strange}";
        }
    }

    private static (string How, byte[] Bytes) InBytes(byte[] bytes, System.Random random)
    {
        int at = random.Next(bytes.Length);
        switch (random.Next(6))
        {
            case 0:
                return ("cut off", bytes[..at]);
            case 1:
                bytes[at] = (byte)random.Next(256);
                return ("one byte changed", bytes);
            case 2:
                return ("no text", [.. bytes[..at], 0xC3, 0x28, 0xFF, 0xFE, 0xED, 0xA0, 0x80, .. bytes[at..]]);
            case 3:
                var noise = new byte[random.Next(1, 200)];
                random.NextBytes(noise);
                return ("noise", random.Next(2) == 0 ? noise : [.. bytes, .. noise]);
            case 4:
                return ("two documents", [.. bytes, .. bytes]);
            default:
                return ("another beginning", [0xEF, 0xBB, 0xBF, .. bytes]);
        }
    }

    private static string Nested(System.Random random)
    {
        int depth = random.Next(1, 2000);
        return random.Next(2) == 0
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
    }

    private static string Misspelled(string key, System.Random random)
    {
        int at = random.Next(key.Length);
        return random.Next(5) switch
        {
            0 => key.Remove(at, 1) + (key.Length == 1 ? "x" : ""),
            1 => key.Insert(at, "e"),
            2 => key.ToUpperInvariant(),
            3 => key + ".",
            _ => key[..at] + (char)('a' + random.Next(26)) + key[(at + 1)..],
        };
    }

    private static List<JsonObject> Objects(JsonNode? node)
    {
        var found = new List<JsonObject>();
        if (node is JsonObject here)
        {
            found.Add(here);
            foreach ((_, JsonNode? inner) in here)
                found.AddRange(Objects(inner));
        }
        else if (node is JsonArray list)
        {
            foreach (JsonNode? inner in list)
                found.AddRange(Objects(inner));
        }

        return found;
    }

    private static T? Pick<T>(IEnumerable<T> from, System.Random random)
    {
        T[] all = [.. from];
        return all.Length == 0 ? default : all[random.Next(all.Length)];
    }
}
