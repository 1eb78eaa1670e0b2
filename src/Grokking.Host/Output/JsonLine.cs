using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Grokking.Host.Output;

/// <summary>One JSON object in one line, as <c>--json</c> promises.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the object.</summary>
    /// <param name="members">Writes its members.</param>
    /// <returns>The line, without its end.</returns>
    public static string Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
