using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Host.Figures;
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
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.2);

    /// <summary>Adds the addresses.</summary>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/runs/{id}/metrics", (string id, [AsParameters] MetricsQuery query, RunCatalogue runs, MetricsViews views) => query.Of(id, runs, views))
            .WithSummary("Metrics of a run. Where a range has more rows than points, each point is the last row of a bucket, beside the least and the largest value in it.")
            .Produces<MetricsView>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/metrics", (string run, [AsParameters] MetricsQuery query, RunCatalogue runs, MetricsViews views) => query.OfSeveral(run, runs, views, (_, metrics) => metrics))
            .WithSummary("Metrics of several runs, whose ids are separated by commas.")
            .Produces<IReadOnlyList<MetricsView>>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs/{id}/spectrum", (string id, RunCatalogue runs) => Problems.With(runs.FindExactly(id), entry => Readable(() => TypedResults.Ok(SpectrumView.Of(entry.Directory)))))
            .WithSummary("How the Fourier power of a run's neurons is spread over the frequencies, at each step that has a table: of spectra or, where there is none, of phases; empty where there is neither.")
            .Produces<SpectrumView>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs/{id}/curves.svg", (string id, RunCatalogue runs) => Problems.With(runs.FindExactly(id), entry => Readable(() => Curves(entry))))
            .WithSummary("The learning curves of a run that has ended, drawn.")
            .Produces(StatusCodes.Status200OK, contentType: "image/svg+xml").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/runs/{id}/metrics.parquet", (string id, RunCatalogue runs) => Problems.With(runs.FindExactly(id), Parquet))
            .WithSummary("All metrics of a run that has ended, as Parquet.")
            .Produces(StatusCodes.Status200OK, contentType: "application/vnd.apache.parquet").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/runs/{id}/stream", (string id, long? after, RunCatalogue runs, WorkerHealth health, HttpContext context, CancellationToken gone) => Problems.With(
            runs.FindExactly(id), entry => EventStream.Of(Follow(entry.Directory, after ?? -1, health, gone), context)))
            .WithSummary("Server-sent events: 'rows', an array of new rows of metrics, of which there may be several in turn; 'run', how the run stands, when that changes; it ends when the run has ended.")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult Readable(Func<IResult> read)
    {
        try
        {
            return read();
        }
        catch (DamagedFileException damaged)
        {
            return Problems.Damaged(damaged);
        }
    }

    private static IResult Curves(RunEntry entry) => !File.Exists(entry.Directory.Metrics) ? NotEnded(entry)
        : ConfigurationText.Read(JsonSerializer.Serialize(entry.Record.Configuration)).Experiment is { } experiment
            ? TypedResults.Text(RunFigure.Of(entry.Directory, experiment).Draw(whole: true), "image/svg+xml", System.Text.Encoding.UTF8)
            : Problems.Conflict($"The experiment of the run {entry.Record.Run} is not one that this program knows.");

    private static IResult Parquet(RunEntry entry) => File.Exists(entry.Directory.Metrics)
        ? TypedResults.PhysicalFile(entry.Directory.Metrics, "application/vnd.apache.parquet", $"{entry.Record.Run}.parquet", enableRangeProcessing: true)
        : NotEnded(entry);

    private static IResult NotEnded(RunEntry entry) => Problems.Conflict($"The run {entry.Record.Run} is {entry.Record.Status.Name()}; its metrics become one file at its end. Until then they are in {entry.Directory.MetricsSegments}.");

    private static async IAsyncEnumerable<SseItem<string>> Follow(RunDirectory directory, long after, WorkerHealth health, [EnumeratorCancellation] CancellationToken gone)
    {
        var follower = new MetricsFollower(directory.Path, after);
        string? told = null;
        while (!gone.IsCancellationRequested)
        {
            // How it stands comes first: a run that has ended has no rows after its last ones.
            RunDetail? detail = RunCatalogue.Open(directory).Match(entry => RunsApi.Detail(entry, health), _ => null!);
            bool hasNews = false;
            foreach (string rows in EventStream.Pieces(follower.Next()))
            {
                hasNews = true;
                yield return new(rows, "rows");
            }

            if (detail is not null && JsonSerializer.Serialize(new { detail.Run, detail.Progress }, RunView.Format) is var now && now != told)
            {
                told = now;
                yield return new(now, "run");
            }

            if (detail is { Run.Status: "completed" or "cancelled" or "failed" } && !hasNews)
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
