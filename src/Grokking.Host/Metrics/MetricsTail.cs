using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Metrics;

/// <summary>
/// The rows since the last part, one JSON object per line, under the names of the columns. Unlike Parquet, a line that is written can be read,
/// whatever happens to the next one. Numbers that JSON does not know are texts: "NaN", "Infinity", "-Infinity".
/// </summary>
internal sealed class MetricsTail : IDisposable
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private readonly Stream output;
    private readonly ArrayBufferWriter<byte> line = new();
    private readonly JsonEncodedText[] names;
    private readonly string run;

    /// <summary>Begins a tail.</summary>
    /// <param name="output">The new file; it is closed with the tail.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="run">The run's id.</param>
    public MetricsTail(Stream output, MetricsSchema schema, string run)
    {
        this.output = output;
        this.run = run;
        names = [.. schema.Measured.Select(c => JsonEncodedText.Encode(c.Name))];
    }

    /// <summary>Reads the rows of a tail. A last line that a crash tore off is dropped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="schema">The columns.</param>
    /// <returns>The rows before the first line that cannot be read, and whether a whole line was among the rest.</returns>
    public static (IReadOnlyList<MetricsRow> Rows, bool Damaged) Read(string path, MetricsSchema schema)
    {
        string[] lines = Lines(path);
        var rows = new List<MetricsRow>(lines.Length);
        foreach (string written in lines)
        {
            try
            {
                rows.Add(Parse(written, schema));
            }
            catch (Exception fault) when (fault is JsonException or KeyNotFoundException or FormatException
                or InvalidOperationException or ArgumentException)
            {
                return (rows, true);
            }
        }

        return (rows, false);
    }

    /// <summary>The measured columns that a tail names, all of them optional; none where it has no whole line yet.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The columns.</returns>
    public static IReadOnlyList<ParquetColumn> ColumnsOf(string path)
    {
        string[] lines = Lines(path);
        if (lines.Length == 0)
            return [];
        using JsonDocument first = JsonDocument.Parse(lines[0]);
        return [.. first.RootElement.EnumerateObject().Skip(MetricsSchema.LeadingColumns)
            .Select(p => ParquetColumn.Of(p.Name, ParquetType.Double, optional: true))];
    }

    /// <summary>Adds a row. It is safe from the end of this process after the next <see cref="Flush"/>.</summary>
    /// <param name="row">The row.</param>
    public void Append(MetricsRow row)
    {
        line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("run_id", run);
            json.WriteNumber("step", row.Step);
            json.WriteString("time", row.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
            WriteNumber(json, JsonEncodedText.Encode("elapsed_seconds"), row.ElapsedSeconds);
            for (int i = 0; i < names.Length; i++)
                WriteNumber(json, names[i], row.Values[i]);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        output.Write(line.WrittenSpan);
    }

    /// <summary>Hands all rows to the operating system.</summary>
    public void Flush() => output.Flush();

    /// <inheritdoc/>
    public void Dispose() => output.Dispose();

    // Without the last one, unless it is whole. The writer may have the file open.
    private static string[] Lines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.UTF8);
        string text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static MetricsRow Parse(string written, MetricsSchema schema)
    {
        using JsonDocument json = JsonDocument.Parse(written);
        JsonElement cells = json.RootElement;
        var row = new MetricsRow(
            cells.GetProperty("step").GetInt64(),
            DateTimeOffset.ParseExact(cells.GetProperty("time").GetString()!, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Number(cells.GetProperty("elapsed_seconds")) ?? throw new FormatException("elapsed_seconds is null"),
            [.. schema.Measured.Select(c => Number(cells.GetProperty(c.Name)))]);
        schema.Check(row);
        return row;
    }

    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => double.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        _ => value.GetDouble(),
    };

    /// <summary>Writes a number as a member; what JSON does not know is a text.</summary>
    internal static void WriteNumber(Utf8JsonWriter json, JsonEncodedText name, double? value)
    {
        if (value is not { } number)
            json.WriteNull(name);
        else if (double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
    }
}
