using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Grokking.Host.Studies;

/// <summary>The verdict of a study as JSON.</summary>
internal static class VerdictText
{
    private static readonly JsonWriterOptions Format = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text; the same tables give the same bytes.</summary>
    public static string Of(SavedStudy saved)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            json.WriteStartObject();
            json.WriteString("study", saved.Study.Name);
            json.WriteString("title", saved.Study.Title);
            json.WriteString("source", saved.Study.Source);
            json.WriteString("claim", saved.Study.Claim);
            json.WriteString("command", saved.Provenance.Command);
            json.WriteBoolean("quick", saved.Provenance.Quick);
            WriteList(json, "changes", saved.Provenance.Changes);
            WriteList(json, "sweeps", saved.Provenance.Sweeps);
            json.WriteNumber("runs", saved.Provenance.Runs);
            WriteList(json, "commits", saved.Provenance.Commits);
            json.WriteStartArray("verdicts");
            foreach (Verdict verdict in saved.Verdicts)
            {
                json.WriteStartObject();
                json.WriteString("criterion", verdict.Criterion);
                json.WriteString("asked", verdict.Asked);
                json.WriteString("measured", verdict.Measured);
                json.WriteString("finding", verdict.Words);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return $"{Encoding.UTF8.GetString(buffer.WrittenSpan)}\n";
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> words)
    {
        json.WriteStartArray(name);
        foreach (string word in words)
            json.WriteStringValue(word);
        json.WriteEndArray();
    }
}
