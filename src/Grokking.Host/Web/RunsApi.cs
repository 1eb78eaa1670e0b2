using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Host.Control;
using Grokking.Host.Experiments;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Service;
using Grokking.Host.Training;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grokking.Host.Web;

/// <summary>What is to be trained.</summary>
/// <param name="Experiment">A preset's name, or the experiment itself as an object.</param>
/// <param name="Seed">The seed in place of the experiment's.</param>
/// <param name="Set">Changes: a setting's path, and the value as JSON.</param>
/// <param name="Priority">Runs of higher priority are trained first.</param>
internal sealed record Submission(JsonElement Experiment, long? Seed = null, IReadOnlyDictionary<string, JsonElement>? Set = null, int Priority = 0);

/// <summary>What is changed in a clone.</summary>
/// <param name="Set">Changes: a setting's path, and the value as JSON.</param>
/// <param name="Priority">Runs of higher priority are trained first.</param>
internal sealed record CloneRequest(IReadOnlyDictionary<string, JsonElement>? Set = null, int Priority = 0);

/// <summary>How a run is extended.</summary>
/// <param name="Steps">By how many steps.</param>
internal sealed record Extension(long Steps);

/// <summary>When a run is trained.</summary>
/// <param name="Priority">Runs of higher priority are trained first.</param>
internal sealed record PriorityRequest(int Priority);

/// <summary>A run with all that there is to know about it at once.</summary>
/// <param name="Run">How it stands.</param>
/// <param name="Configuration">The experiment, resolved.</param>
/// <param name="Environment">What trained it last.</param>
/// <param name="Progress">Where it stands if this service trains it.</param>
internal sealed record RunDetail(RunView Run, JsonElement Configuration, RunEnvironment Environment, RunProgress? Progress);

/// <summary>Runs over HTTP: what there is, and what can be wished.</summary>
internal static class RunsApi
{
    /// <summary>Adds the addresses.</summary>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/runs", (RunBoard board) => TypedResults.Ok(board.Look()))
            .WithSummary("All runs, the newest first.");
        api.MapPost("/runs", (Submission submission, RunControl control) =>
            Read(submission).Match(
                experiment => Accepted(control.Submit(experiment, submission.Priority)),
                errors => errors))
            .WithSummary("Submits an experiment: 201 with the new run, or 200 with the run that it was already.")
            .Produces<RunView>(StatusCodes.Status201Created).Produces<RunView>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/runs/{id}", (string id, RunCatalogue runs, WorkerHealth health) => Problems.With(runs.FindExactly(id), entry => TypedResults.Ok(Detail(entry, health))))
            .WithSummary("One run, with its configuration and what can be wished of it.")
            .Produces<RunDetail>().ProducesProblem(StatusCodes.Status404NotFound);
        Wish<object?>(api, "resume", "Has a run taken up again, from where it was left.", (control, run, _) => control.Resume(run));
        Wish<object?>(api, "pause", "Has a run write a checkpoint and rest.", (control, run, _) => control.Pause(run));
        Wish<object?>(api, "cancel", "Gives a run up for good; its files are kept.", (control, run, _) => control.Cancel(run));
        Wish<Extension>(api, "extend", "Gives a completed run more steps.", (control, run, body) => control.Extend(run, body.Steps));
        Wish<PriorityRequest>(api, "prioritise", "Has a waiting run trained before or after others.", (control, run, body) => control.Prioritise(run, body.Priority));
        api.MapPost("/runs/{id}/clone", (string id, CloneRequest body, RunCatalogue runs, RunControl control) => Problems.With(
            runs.FindExactly(id), entry => Accepted(control.Clone(entry, Changes(body.Set), body.Priority))))
            .WithSummary("Submits what a run was, with changes.")
            .Produces<RunView>(StatusCodes.Status201Created).Produces<RunView>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>A run with all that there is to know.</summary>
    public static RunDetail Detail(RunEntry entry, WorkerHealth health) => new(
        RunView.Of(entry),
        entry.Record.Configuration,
        entry.Record.Environment,
        health.ProgressOf(entry.Record.Run));

    private static void Wish<TBody>(IEndpointRouteBuilder api, string verb, string summary, Func<RunControl, RunEntry, TBody, Result<Granted>> act)
    {
        RouteHandlerBuilder handler = typeof(TBody) == typeof(object)
            ? api.MapPost($"/runs/{{id}}/{verb}", (string id, RunCatalogue runs, RunControl control) => Granted(id, runs, run => act(control, run, default!)))
            : api.MapPost($"/runs/{{id}}/{verb}", (string id, TBody body, RunCatalogue runs, RunControl control) => Granted(id, runs, run => act(control, run, body)));
        handler.WithSummary(summary).Produces<RunView>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static IResult Granted(string id, RunCatalogue runs, Func<RunEntry, Result<Granted>> act) => Problems.With(runs.FindExactly(id), entry => act(entry).Match(
        granted => TypedResults.Ok(RunView.Of(granted.Entry)),
        Problems.Conflict));

    private static IResult Accepted(Result<Granted> answer) => answer.Match<IResult>(
        granted => granted.IsNew
            ? TypedResults.Created($"/api/runs/{granted.Entry.Record.Run}", RunView.Of(granted.Entry))
            : TypedResults.Ok(RunView.Of(granted.Entry)),
        Problems.Conflict);

    private static Reading Read(Submission submission)
    {
        Change[] changes = [.. Changes(submission.Set), .. submission.Seed is { } seed ? [new Change("seed", $"{seed}")] : Array.Empty<Change>()];
        if (submission.Priority is < -RunControl.LargestPriority or > RunControl.LargestPriority)
            return new(null, Problems.BadRequest($"priority is {submission.Priority}; it must be from {-RunControl.LargestPriority} to {RunControl.LargestPriority}."));
        Result<string> text = submission.Experiment.ValueKind switch
        {
            JsonValueKind.Object => Result.Success(submission.Experiment.GetRawText()),
            JsonValueKind.String => ExperimentCatalogue.Default.Preset(submission.Experiment.GetString()!),
            _ => Result.Failure<string>("experiment must be a preset's name or an experiment as an object."),
        };
        if (text is Result<string>.Failure { Reason: var reason })
            return new(null, Problems.BadRequest(reason));
        ExperimentReading reading = ConfigurationText.Read(text.OrThrow(), changes);
        return reading.Experiment is { } experiment ? new(experiment, null) : new(null, Problems.Invalid(reading.Errors));
    }

    private static Change[] Changes(IReadOnlyDictionary<string, JsonElement>? set) => [.. (set ?? new Dictionary<string, JsonElement>()).Select(each => new Change(each.Key, each.Value.GetRawText()))];

    // An experiment, or the problem with it.
    private sealed record Reading(Experiment? Experiment, IResult? Problem)
    {
        public IResult Match(Func<Experiment, IResult> experiment, Func<IResult, IResult> problem) => Experiment is { } read ? experiment(read) : problem(Problem!);
    }
}
