using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Grokking.Host.Files;

/// <summary>
/// A walk through a JSON object, forwards only, that makes nothing of what nobody asks for: <see cref="Begin"/> before an object's members, <see cref="Next"/> from one to the next. A
/// member whose value was not taken is passed over. Whatever is no JSON, or of another kind than asked for, is a <see cref="JsonException"/>.
/// </summary>
/// <param name="text">The text.</param>
internal ref struct JsonWalk(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> text = text;
    private Utf8JsonReader reader = new(text);

    /// <summary>The name of the member.</summary>
    public readonly string Name => reader.GetString()!;

    /// <summary>Goes into the object that comes next.</summary>
    public void Begin()
    {
        reader.Read();
        Expect(reader.TokenType == JsonTokenType.StartObject);
    }

    /// <summary>Goes into the list that comes next.</summary>
    public void BeginList()
    {
        reader.Read();
        Expect(reader.TokenType == JsonTokenType.StartArray);
    }

    /// <summary>Goes into the next object of the list; false, and out of it, where there is none.</summary>
    public bool NextObject()
    {
        Expect(reader.Read() && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.EndArray);
        return reader.TokenType == JsonTokenType.StartObject;
    }

    /// <summary>Makes sure that nothing follows.</summary>
    public void End() => Expect(!reader.Read());

    /// <summary>Goes to the next member of the object; false, and out of it, where there is none.</summary>
    public bool Next()
    {
        // On a name still: its value was not taken.
        if (reader.TokenType == JsonTokenType.PropertyName)
            reader.Skip();
        Expect(reader.Read());
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Whether the member has this name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name);

    /// <summary>Whether the member's value is null, which is then taken.</summary>
    public bool IsNull()
    {
        Utf8JsonReader ahead = reader;
        if (!ahead.Read() || ahead.TokenType != JsonTokenType.Null)
            return false;
        reader = ahead;
        return true;
    }

    /// <summary>Takes a text or null.</summary>
    public string? Text()
    {
        reader.Read();
        Expect(reader.TokenType is JsonTokenType.String or JsonTokenType.Null);
        return reader.GetString();
    }

    /// <summary>Takes any value, as it is written.</summary>
    public string Raw()
    {
        reader.Read();
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return Encoding.UTF8.GetString(text[start..(int)reader.BytesConsumed]);
    }

    /// <summary>Takes a whole number or null.</summary>
    public long? Whole()
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        long value = 0;
        Expect(reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out value));
        return value;
    }

    /// <summary>Takes a number or null; NaN and infinities are texts.</summary>
    public double? Number()
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        double value = 0;
        Expect(reader.TokenType == JsonTokenType.String
            ? double.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            : reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out value));
        return value;
    }

    private static void Expect(bool holds)
    {
        if (!holds)
            throw new JsonException();
    }
}
