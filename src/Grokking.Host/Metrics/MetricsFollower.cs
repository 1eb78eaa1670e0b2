using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Grokking.Host.Files;

namespace Grokking.Host.Metrics;

/// <summary>
/// Follows a run's rows as they come, from its files alone: whoever trains the run, and however slowly somebody reads, nothing waits in memory for it.
/// </summary>
/// <param name="runDirectory">The run's directory.</param>
/// <param name="after">Rows after this step are of interest; -1 for all.</param>
internal sealed class MetricsFollower(string runDirectory, long after)
{
    private readonly MetricsFiles files = new(runDirectory, Disk.Real);
    private long last = after;
    private int seenParts = -1;
    private DateTime seenJoined;
    private int tailNumber = -1;
    private long tailPosition;

    /// <summary>The rows that have come since the last call, as JSON objects in the order of their steps; each is made when it is asked for.</summary>
    public IEnumerable<string> Next()
    {
        using IEnumerator<string> rows = Rows().GetEnumerator();
        while (MovesOn(rows))
            yield return rows.Current;
    }

    private bool MovesOn(IEnumerator<string> rows)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (Exception moved) when (moved is FileNotFoundException or DirectoryNotFoundException)
        {
            // A resume or the end of the run moved something just now; the next call sees what became of it.
            seenParts = -1;
            return false;
        }
        catch (JsonException)
        {
            // Another tail of the same number, longer already than the one before.
            tailPosition = 0;
            return false;
        }
    }

    private IEnumerable<string> Rows()
    {
        int parts = files.Parts().Count;
        // A run that ended, was extended and ended again has another joined file. One that is not there has a time too.
        DateTime joined = File.GetLastWriteTimeUtc(files.Joined);
        // Nothing is taken twice: what becomes a part was in the tail before, and its steps are behind.
        if (parts != seenParts || joined != seenJoined)
        {
            (seenParts, seenJoined) = (parts, joined);
            foreach (string row in Published())
                yield return row;
        }

        foreach (string row in Open())
            yield return row;
    }

    private IEnumerable<string> Published()
    {
        MetricsHistory history = MetricsHistory.Open(runDirectory);
        string[] columns = [.. history.Columns];
        int first = history.Steps.AsSpan().BinarySearch(last + 1) is var place && place >= 0 ? place : ~place;
        if (first >= history.Steps.Length)
            yield break;
        ImmutableArray<double?>[] numbers = [.. columns.Select(history.Numbers)];
        for (int row = first; row < history.Steps.Length; row++)
        {
            last = history.Steps[row];
            yield return Json(last, columns, i => numbers[i][row]);
        }
    }

    private IEnumerable<string> Open()
    {
        if (files.Tails() is not [.., var number])
            yield break;
        ReadOnlyMemory<byte> lines = NewLines(number);
        while (lines.Span.IndexOf((byte)'\n') is >= 0 and var end)
        {
            string line = Encoding.UTF8.GetString(lines.Span[..end]);
            lines = lines[(end + 1)..];
            if (line.Length > 0 && StepOf(line) is var step && step > last)
            {
                last = step;
                yield return line;
            }
        }
    }

    private byte[] NewLines(int number)
    {
        if (number != tailNumber)
            (tailNumber, tailPosition) = (number, 0);
        using var file = new FileStream(files.Tail(number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        // After a resume there is another tail of the same number.
        if (file.Length < tailPosition)
            tailPosition = 0;
        file.Position = tailPosition;
        var bytes = new byte[file.Length - tailPosition];
        file.ReadExactly(bytes);
        // Only whole lines are behind; the rest of a torn one comes with the next look.
        tailPosition += bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        return bytes;
    }

    private static long StepOf(string line)
    {
        using JsonDocument row = JsonDocument.Parse(line);
        return row.RootElement.GetProperty("step").GetInt64();
    }

    private static string Json(long step, string[] columns, Func<int, double?> number)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("step", step);
            for (int i = 0; i < columns.Length; i++)
                MetricsTail.WriteNumber(json, JsonEncodedText.Encode(columns[i]), number(i));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
