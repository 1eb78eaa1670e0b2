using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Grokking.Host.Configuration;

namespace Grokking.Host.Sweeps;

/// <summary>
/// A plan as JSON, one line per point: the one way to write it, so that equal plans are equal files. Nothing in it tells when, where or by which
/// program it was made.
/// </summary>
internal static class PlanText
{
    /// <summary>The form of the file.</summary>
    public const string Schema = "grokking.plan/1";

    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private const int HashDigits = 10;

    /// <summary>A plan's id: a readable part of its name, and a hash of everything in it.</summary>
    public static string IdOf(string name, string source, ImmutableArray<SweepPoint> points)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string line in Lines("", name, source, points))
            hash.AppendData(Encoding.UTF8.GetBytes(line));
        return IdOf(name, hash);
    }

    private static string IdOf(string name, IncrementalHash hash) => CanonicalForm.Named(name, Convert.ToHexStringLower(hash.GetHashAndReset())[..HashDigits]);

    // There is one way to write a plan, so that the bytes behind the first line, in which the id itself stands, can be hashed as they are.
    private static string IdOf(string name, string source, ReadOnlySpan<byte> text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(FirstLine("", name, source)));
        hash.AppendData(text[(text.IndexOf((byte)'\n') + 1)..]);
        return IdOf(name, hash);
    }

    /// <summary>Writes a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="output">Where to.</param>
    public static void Write(SweepPlan plan, Stream output)
    {
        foreach (string line in Lines(plan.Id, plan.Name, plan.Source, plan.Points))
            output.Write(Encoding.UTF8.GetBytes(line));
    }

    /// <summary>Reads a plan and checks that its content is still what its id promises.</summary>
    /// <param name="path">The file, for sentences.</param>
    /// <param name="text">Its content.</param>
    /// <returns>The plan, or the sentence that says what is wrong.</returns>
    public static Result<SweepPlan> Read(string path, ReadOnlyMemory<byte> text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            if (root.GetProperty("schema").GetString() is var schema && schema != Schema)
                return Result.Failure<SweepPlan>($"The file {path} has the form '{schema}'; this program reads '{Schema}'.");
            string name = root.GetProperty("name").GetString()!, source = root.GetProperty("source").GetString()!, id = root.GetProperty("sweep").GetString()!;
            return IdOf(name, source, text.Span) == id && text.Span.StartsWith(Encoding.UTF8.GetBytes(FirstLine(id, name, source)))
                ? Result.Success(new SweepPlan(name, source, [.. root.GetProperty("points").EnumerateArray().Select(Point)]).Called(id))
                : Damaged(path);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return Damaged(path);
        }
    }

    private static Result<SweepPlan> Damaged(string path) => Result.Failure<SweepPlan>(
        $"The file {path} was changed or is damaged; a plan is immutable. Delete it and plan the sweep again; finished runs are found again.");

    private static string FirstLine(string id, string name, string source) =>
        $"{{\"schema\":{Text(Schema)},\"sweep\":{Text(id)},\"name\":{Text(name)},\"source\":{Text(source)},\"points\":[\n";

    private static IEnumerable<string> Lines(string id, string name, string source, ImmutableArray<SweepPoint> points)
    {
        yield return FirstLine(id, name, source);
        for (int i = 0; i < points.Length; i++)
            yield return Line(points[i]) + (i < points.Length - 1 ? ",\n" : "\n");
        yield return "]}\n";
    }

    private static string Line(SweepPoint point)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            json.WriteStartObject();
            json.WriteString("series", point.Series);
            json.WriteStartObject("coordinates");
            foreach (Coordinate coordinate in point.Coordinates)
            {
                json.WritePropertyName(coordinate.Path);
                json.WriteRawValue(coordinate.Json);
            }

            json.WriteEndObject();
            json.WriteStartArray("runs");
            foreach (PlannedRun run in point.Runs)
            {
                json.WriteStartObject();
                json.WriteString("run", run.Run);
                json.WriteNumber("seed", run.Seed);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WritePropertyName("configuration");
            json.WriteRawValue(point.Configuration);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static SweepPoint Point(JsonElement point) => new(
        point.GetProperty("series").GetString()!,
        [.. point.GetProperty("coordinates").EnumerateObject().Select(each => new Coordinate(each.Name, each.Value.GetRawText()))],
        point.GetProperty("configuration").GetRawText(),
        [
            .. point.GetProperty("runs").EnumerateArray()
                .Select(run => new PlannedRun(run.GetProperty("run").GetString()!, run.GetProperty("seed").GetInt64())),
        ]);

    private static string Text(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
