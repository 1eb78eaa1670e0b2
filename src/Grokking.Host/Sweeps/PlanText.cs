using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Host.Files;

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
            int end = text.Span.IndexOf((byte)'\n') + 1;
            (string? schema, string name, string source, string id) = Head(text.Span[..end]);
            if (schema != Schema)
                return Result.Failure<SweepPlan>($"The file {path} has the form '{schema}'; this program reads '{Schema}'.");
            if (!text.Span.StartsWith(Encoding.UTF8.GetBytes(FirstLine(id, name, source))))
                return Damaged(path);
            // Whose bytes are the ones that were written has a line for each point; whether they are is found out beside the reading.
            Task<bool> isWhole = Task.Run(() => IdOf(name, source, text.Span) == id);
            SweepPoint[] points = OnAllProcessors.Map(Points(text[end..]), Point);
            return isWhole.GetAwaiter().GetResult() ? Result.Success(new SweepPlan(name, source, [.. points]).Called(id)) : Damaged(path);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or AggregateException)
        {
            return Damaged(path);
        }
    }

    private static (string? Schema, string Name, string Source, string Id) Head(ReadOnlySpan<byte> line)
    {
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(line) + "]}");
        JsonElement root = document.RootElement;
        return (root.GetProperty("schema").GetString(), root.GetProperty("name").GetString()!, root.GetProperty("source").GetString()!, root.GetProperty("sweep").GetString()!);
    }

    // All lines but the last, without their commas.
    private static List<ReadOnlyMemory<byte>> Points(ReadOnlyMemory<byte> text)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        for (int end; (end = text.Span.IndexOf((byte)'\n')) >= 0 && end + 1 < text.Length; text = text[(end + 1)..])
            lines.Add(text[..end].Span.EndsWith(","u8) ? text[..(end - 1)] : text[..end]);
        return lines;
    }

    private static Result<SweepPlan> Damaged(string path) => Result.Failure<SweepPlan>(
        $"The file {path} was changed or is damaged; a plan is immutable. Delete it and plan the sweep again; finished runs are found again.");

    private static string FirstLine(string id, string name, string source) =>
        $"{{\"schema\":{Text(Schema)},\"sweep\":{Text(id)},\"name\":{Text(name)},\"source\":{Text(source)},\"points\":[\n";

    private static IEnumerable<string> Lines(string id, string name, string source, ImmutableArray<SweepPoint> points)
    {
        yield return FirstLine(id, name, source);
        string[] lines = OnAllProcessors.Map(points, Line);
        for (int i = 0; i < lines.Length; i++)
            yield return lines[i] + (i < lines.Length - 1 ? ",\n" : "\n");
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

    private static SweepPoint Point(ReadOnlyMemory<byte> line)
    {
        var json = new JsonWalk(line.Span);
        (string? series, string? configuration) = (null, null);
        ImmutableArray<Coordinate>.Builder coordinates = ImmutableArray.CreateBuilder<Coordinate>();
        ImmutableArray<PlannedRun>.Builder runs = ImmutableArray.CreateBuilder<PlannedRun>();
        for (json.Begin(); json.Next();)
        {
            if (json.Is("series"u8))
            {
                series = json.Text();
            }
            else if (json.Is("configuration"u8))
            {
                configuration = json.Raw();
            }
            else if (json.Is("coordinates"u8))
            {
                for (json.Begin(); json.Next();)
                    coordinates.Add(new(json.Name, json.Raw()));
            }
            else if (json.Is("runs"u8))
            {
                for (json.BeginList(); json.NextObject();)
                    runs.Add(Run(ref json));
            }
        }

        return new(series ?? throw new JsonException(), coordinates.ToImmutable(), configuration ?? throw new JsonException(), runs.ToImmutable());
    }

    private static PlannedRun Run(ref JsonWalk json)
    {
        string? run = null;
        long? seed = null;
        while (json.Next())
        {
            if (json.Is("run"u8))
                run = json.Text();
            else if (json.Is("seed"u8))
                seed = json.Whole();
        }

        return new(run ?? throw new JsonException(), seed ?? throw new JsonException());
    }

    private static string Text(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
