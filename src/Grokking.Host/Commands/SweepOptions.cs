using System.Collections.Immutable;
using System.CommandLine;
using Grokking.Host.Configuration;
using Grokking.Host.Sweeps;

namespace Grokking.Host.Commands;

/// <summary>The options that make a plan.</summary>
internal sealed class SweepOptions
{
    private readonly Option<string[]> vary = new("--vary")
    {
        Description = $"Varies one setting: {AxisValues.Forms}; may be repeated for a grid.",
        HelpName = "path=values",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> set = new("--set")
    {
        Description = "Changes one setting of all runs, as in --set budget.testAccuracy=0.95, which ends a run once it has grokked; may be repeated.",
        HelpName = "path=value",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> seeds = new("--seeds")
    {
        Description = "Trains every point with these seeds, as in 0-4 or 0,3,7-9.",
        HelpName = "LIST",
    };

    private readonly Option<string?> output = FolderOption.Checked(new Option<string?>("--output")
    {
        Description = "The sweep's folder, in place of one below the data directory.",
        HelpName = "DIR",
    });

    private readonly Option<bool> quick = new("--quick")
    {
        Description = "Takes the sweep's quick variant: fewer seeds, points and steps.",
    };

    /// <summary><c>--unmeasured</c>.</summary>
    public Option<bool> Unmeasured { get; } = new("--unmeasured")
    {
        Description = "Does not train for a second to say how long the sweep will take.",
    };

    /// <summary>Gives them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { vary, set, seeds, quick, output, Unmeasured })
            command.Add(option);
    }

    /// <summary>Whether any of those was given that decide what is planned.</summary>
    public bool AreGiven(ParseResult parsed) =>
        new Option[] { vary, set, seeds, quick, output }.Any(option => parsed.GetResult(option) is { Implicit: false });

    /// <summary>Plans and publishes.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="name">A sweep preset, a sweep file, or an experiment.</param>
    /// <param name="settings">The common options.</param>
    public Result<PlannedSweep> Plan(ParseResult parsed, string name, CommonSettings settings) =>
        All((parsed.GetValue(set) ?? []).Select(Change.Parse)).Bind(changes =>
            All((parsed.GetValue(vary) ?? []).Select(Axis.Parse)).Bind(axes =>
                Seeds(parsed).Bind(list => Contradiction(changes, axes) is { } twice
                    ? Result.Failure<PlannedSweep>(twice)
                    : SweepReader.Find(name)
                        .Bind(definition => parsed.GetValue(quick) ? definition.Quickened() : Result.Success(definition))
                        .Map(definition => definition.With(changes, axes, list.IsEmpty ? null : list))
                        .Bind(SweepPlanner.Plan)
                        .Bind(plan => Publish(plan, parsed.GetValue(output), settings)))));

    private static Result<PlannedSweep> Publish(SweepPlan plan, string? output, CommonSettings settings)
    {
        SweepFolder folder = output is null ? new SweepCatalogue(settings.Data).FolderOf(plan.Id) : new SweepFolder(Path.GetFullPath(output));
        return folder.Publish(plan).Map(published => new PlannedSweep(published, plan));
    }

    private Result<ImmutableArray<long>> Seeds(ParseResult parsed) =>
        parsed.GetValue(seeds) is { } list ? SeedList.Parse("--seeds", list) : Result.Success<ImmutableArray<long>>([]);

    private static string? Contradiction(ImmutableArray<Change> changes, ImmutableArray<Axis> axes)
    {
        string[] paths = [.. changes.Select(change => change.Path), .. axes.Select(axis => axis.Path)];
        return paths.GroupBy(path => path).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? $"{twice.Key} is given twice; --set and --vary can name each setting once."
            : null;
    }

    /// <summary>All results, or the first reason why one is missing.</summary>
    public static Result<ImmutableArray<T>> All<T>(IEnumerable<Result<T>> results)
    {
        Result<T>[] all = [.. results];
        return all.OfType<Result<T>.Failure>().FirstOrDefault() is { } wrong
            ? Result.Failure<ImmutableArray<T>>(wrong.Reason)
            : Result.Success<ImmutableArray<T>>([.. all.Select(result => result.OrThrow())]);
    }
}
