using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Sweeps;

/// <summary>
/// The coordinates of a sweep as columns: integers, numbers or truth values where all values of a setting are such, texts elsewhere. A series that
/// does not vary a setting has null there. What each column is follows from the whole plan and is found out once.
/// </summary>
/// <param name="plan">The plan, which decides the types.</param>
internal sealed class CoordinateColumns(SweepPlan plan)
{
    private readonly ImmutableArray<(string Path, ParquetType Type, bool Optional)> columns = [.. plan.Paths.Select(path => Column(plan, path))];

    /// <summary>The column of a setting: <c>split.trainFraction</c> is <c>split_train_fraction</c>.</summary>
    public static string NameOf(string path)
    {
        var name = new StringBuilder();
        foreach (char sign in path)
        {
            if (char.IsAsciiLetterUpper(sign) && name.Length > 0 && name[^1] != '_')
                name.Append('_');
            name.Append(char.IsAsciiLetterOrDigit(sign) ? char.ToLowerInvariant(sign) : '_');
        }

        return name.ToString();
    }

    /// <summary>One column per varied setting.</summary>
    /// <param name="rows">The point of each row.</param>
    public IEnumerable<TableColumn> Of(IReadOnlyList<SweepPoint> rows)
    {
        foreach ((string path, ParquetType type, bool optional) in columns)
        {
            string?[] cells = [.. rows.Select(point => ValueOf(point, path))];
            string name = NameOf(path);
            yield return type switch
            {
                ParquetType.Int64 => Column(name, ParquetType.Int64, optional, cells, text => long.Parse(text, CultureInfo.InvariantCulture)),
                ParquetType.Double => Column(name, ParquetType.Double, optional, cells, text => double.Parse(text, CultureInfo.InvariantCulture)),
                ParquetType.Boolean => Column(name, ParquetType.Boolean, optional, cells, text => text == "true"),
                _ => optional
                    ? TableColumn.OptionalText(name, Array.ConvertAll(cells, text => text is null ? null : new Coordinate(path, text).Shown))
                    : TableColumn.Text(name, Array.ConvertAll(cells, text => new Coordinate(path, text!).Shown)),
            };
        }
    }

    private static (string Path, ParquetType Type, bool Optional) Column(SweepPlan plan, string path)
    {
        string?[] known = [.. plan.Points.Select(point => ValueOf(point, path)).Distinct(StringComparer.Ordinal)];
        return (path, TypeOf(known), known.Contains(null));
    }

    private static ParquetType TypeOf(IEnumerable<string?> values)
    {
        JsonElement[] kinds = [.. values.OfType<string>().Select(text => JsonDocument.Parse(text).RootElement)];
        return kinds.All(value => value.ValueKind == JsonValueKind.Number)
                ? kinds.All(value => value.TryGetInt64(out _)) ? ParquetType.Int64 : ParquetType.Double
            : kinds.All(value => value.ValueKind is JsonValueKind.True or JsonValueKind.False) ? ParquetType.Boolean
            : ParquetType.Text;
    }

    private static string? ValueOf(SweepPoint point, string path) => point.Coordinates.FirstOrDefault(coordinate => coordinate.Path == path)?.Json;

    private static TableColumn Column<T>(string name, ParquetType type, bool optional, string?[] cells, Func<string, T> parse)
        where T : struct => new(
            ParquetColumn.Of(name, type, optional),
            optional
                ? ColumnValues.OfOptional(Array.ConvertAll(cells, text => text is null ? (T?)null : parse(text)))
                : ColumnValues.Of(Array.ConvertAll(cells, text => parse(text!))));
}
