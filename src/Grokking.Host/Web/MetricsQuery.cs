using System.Collections.Immutable;
using Grokking.Host.Files;
using Grokking.Host.Metrics;
using Grokking.Host.Runs;
using Microsoft.AspNetCore.Http;

namespace Grokking.Host.Web;

/// <summary>Which metrics somebody wants to see, as the address says it.</summary>
/// <param name="Columns">Names, separated by commas; losses and accuracies where there are none.</param>
/// <param name="From">The first step; the first one where it is not said.</param>
/// <param name="To">The last step; the last one where it is not said.</param>
/// <param name="Points">How many steps may be shown.</param>
/// <param name="Scale">How they are spread: <c>linear</c> or <c>log</c>.</param>
internal readonly record struct MetricsQuery(string? Columns, long? From, long? To, int? Points, string? Scale)
{
    private const int UsualPoints = 2000;
    private const int MostPoints = 100_000;
    private const int MostRuns = 200;
    private const string UsualColumns = "train_loss,train_accuracy,test_loss,test_accuracy";

    /// <summary>Answers with the metrics of one run.</summary>
    public IResult Of(string id, RunCatalogue runs, MetricsViews views)
    {
        MetricsQuery query = this;
        return Problems.With(runs.FindExactly(id), entry => query.Checked(request => views.Of(entry, request)));
    }

    /// <summary>Answers with something made of several runs.</summary>
    /// <param name="ids">Their ids, separated by commas.</param>
    /// <param name="runs">All runs.</param>
    /// <param name="views">Looks at metrics.</param>
    /// <param name="answer">What is made of the runs and their metrics.</param>
    public IResult OfSeveral<T>(string ids, RunCatalogue runs, MetricsViews views, Func<ImmutableArray<RunEntry>, ImmutableArray<MetricsView>, T> answer)
    {
        string[] named = [.. ids.Split(',').Distinct(StringComparer.Ordinal)];
        if (named.Length > MostRuns)
            return Problems.BadRequest($"run names {named.Length} runs; it may name {MostRuns}.");
        Result<RunEntry>[] found = [.. named.Select(runs.FindExactly)];
        if (found.FirstOrDefault(each => !each.Succeeded) is { } missing)
            return Problems.With(missing, _ => TypedResults.Ok());
        ImmutableArray<RunEntry> entries = [.. found.Select(each => each.OrThrow())];
        return Checked(request => answer(entries, [.. entries.AsParallel().AsOrdered().Select(entry => views.Of(entry, request))]));
    }

    private IResult Checked<T>(Func<MetricsRequest, T> read)
    {
        if (Points is < 1 or > MostPoints)
            return Problems.BadRequest($"points is {Points}; it must be from 1 to {MostPoints}.");
        if (Scale is not (null or "linear" or "log"))
            return Problems.BadRequest($"scale is '{Scale}'; it must be linear or log.");
        try
        {
            return TypedResults.Ok(read(new(Columns ?? UsualColumns, From ?? 0, To ?? long.MaxValue, Points ?? UsualPoints, Scale == "log" ? StepScale.Log : StepScale.Linear)));
        }
        catch (DamagedFileException damaged)
        {
            return Problems.Damaged(damaged);
        }
        catch (AggregateException several) when (several.InnerException is DamagedFileException damaged)
        {
            return Problems.Damaged(damaged);
        }
    }
}
