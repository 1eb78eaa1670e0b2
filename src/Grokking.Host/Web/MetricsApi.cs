using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Grokking.Host.Files;
using Grokking.Host.Metrics;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grokking.Host.Web;

/// <summary>Metrics over HTTP: whole or for the eyes, as they stand or as they come.</summary>
internal static class MetricsApi
{
    private const int UsualPoints = 2000;
    private const int MostPoints = 100_000;
    private const int MostRuns = 200;
    private static readonly string[] Usual = ["train_loss", "train_accuracy", "test_loss", "test_accuracy"];
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.2);

    /// <summary>Adds the addresses.</summary>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/runs/{id}/metrics", (string id, string? columns, long? from, long? to, int? points, string? scale, RunCatalogue runs) =>
            Problems.With(runs.FindExactly(id), entry => Checked(points, scale, (most, spread) => View(entry, columns, from, to, most, spread))))
            .WithSummary("Metrics of a run. Where a range has more rows than points, each point is the last row of a bucket, beside the least and the largest value in it.")
            .Produces<MetricsView>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/metrics", (string run, string? columns, long? from, long? to, int? points, string? scale, RunCatalogue runs) =>
            Checked(points, scale, (most, spread) => Several(run.Split(','), id => runs.FindExactly(id), entry => ViewOf(entry, columns, from, to, most, spread))))
            .WithSummary("Metrics of several runs, whose ids are separated by commas.")
            .Produces<IReadOnlyList<MetricsView>>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs/{id}/metrics.parquet", (string id, RunCatalogue runs) => Problems.With(runs.FindExactly(id), Parquet))
            .WithSummary("All metrics of a run that has ended, as Parquet.")
            .Produces(StatusCodes.Status200OK, contentType: "application/vnd.apache.parquet").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/runs/{id}/stream", (string id, long? after, RunCatalogue runs, WorkerHealth health, CancellationToken gone) => Problems.With(
            runs.FindExactly(id), entry => TypedResults.ServerSentEvents(Follow(entry.Directory, after ?? -1, health, gone))))
            .WithSummary("Server-sent events: 'rows', an array of new rows of metrics; 'run', how the run stands, when that changes; it ends when the run has ended.")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult Checked(int? points, string? scale, Func<int, StepScale, IResult> then)
    {
        if (points is < 1 or > MostPoints)
            return Problems.BadRequest($"points is {points}; it must be from 1 to {MostPoints}.");
        return scale switch
        {
            null or "linear" => then(points ?? UsualPoints, StepScale.Linear),
            "log" => then(points ?? UsualPoints, StepScale.Log),
            _ => Problems.BadRequest($"scale is '{scale}'; it must be linear or log."),
        };
    }

    private static IResult View(RunEntry entry, string? columns, long? from, long? to, int points, StepScale scale) => Readable(() => TypedResults.Ok(ViewOf(entry, columns, from, to, points, scale)));

    private static IResult Several(string[] ids, Func<string, Result<RunEntry>> find, Func<RunEntry, MetricsView> view)
    {
        if (ids.Length > MostRuns)
            return Problems.BadRequest($"run names {ids.Length} runs; it may name {MostRuns}.");
        Result<RunEntry>[] found = [.. ids.Distinct(StringComparer.Ordinal).Select(find)];
        return found.FirstOrDefault(each => !each.Succeeded) is { } missing
            ? Problems.With(missing, _ => TypedResults.Ok())
            : Readable(() => TypedResults.Ok(found.AsParallel().AsOrdered().Select(each => view(each.OrThrow())).ToArray()));
    }

    private static MetricsView ViewOf(RunEntry entry, string? columns, long? from, long? to, int points, StepScale scale) => MetricsView.Of(
        entry.Record.Run, MetricsHistory.Open(entry.Directory.Path), columns?.Split(',') ?? Usual, from ?? 0, to ?? long.MaxValue, points, scale);

    private static IResult Readable(Func<IResult> read)
    {
        try
        {
            return read();
        }
        catch (DamagedFileException damaged)
        {
            return TypedResults.Problem(damaged.Message, statusCode: StatusCodes.Status500InternalServerError, title: "A file is damaged");
        }
    }

    private static IResult Parquet(RunEntry entry) => File.Exists(entry.Directory.Metrics)
        ? TypedResults.PhysicalFile(entry.Directory.Metrics, "application/vnd.apache.parquet", $"{entry.Record.Run}.parquet", enableRangeProcessing: true)
        : Problems.Conflict($"The run {entry.Record.Run} is {entry.Record.Status.Name()}; its metrics become one file at its end. Until then they are in {entry.Directory.MetricsSegments}.");

    private static async IAsyncEnumerable<SseItem<string>> Follow(RunDirectory directory, long after, WorkerHealth health, [EnumeratorCancellation] CancellationToken gone)
    {
        var follower = new MetricsFollower(directory.Path, after);
        string? told = null;
        while (!gone.IsCancellationRequested)
        {
            // How it stands comes first: a run that has ended has no rows after its last ones.
            RunDetail? detail = RunCatalogue.Open(directory).Match(entry => RunsApi.Detail(entry, health), _ => null!);
            IReadOnlyList<string> rows = follower.Next();
            if (rows.Count > 0)
                yield return new($"[{string.Join(',', rows)}]", "rows");
            if (detail is not null && JsonSerializer.Serialize(new { detail.Run, detail.Progress, detail.Wishes }, RunView.Format) is var now && now != told)
            {
                told = now;
                yield return new(now, "run");
            }

            if (detail is { Run.Status: "completed" or "cancelled" or "failed" } && rows.Count == 0)
                yield break;
            try
            {
                await Task.Delay(Look, gone).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
        }
    }
}
