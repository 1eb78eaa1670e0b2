using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Studies;
using Grokking.Host.Sweeps;

namespace Grokking.Host.Commands;

/// <summary><c>sweep compare SWEEP --with DIR</c>: the same runs trained in two ways, by the distributions of the step at which they grokked.</summary>
internal static class SweepCompareCommand
{
    private static readonly double[] Quartiles = [0.25, 0.5, 0.75];

    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        Argument<string> what = SweepCommand.SweepArgument();
        Option<string> other = FolderOption.Checked(new Option<string>("--with")
        {
            Description = "Another data directory, with the same runs trained on another device or in another precision.",
            HelpName = "DIR",
            Required = true,
        });
        var command = new Command("compare", "Compares the steps at which the runs of a sweep grokked here and in another data directory, run by run and as distributions.")
        {
            what, other, common.Json,
        };
        command.SetAction(parsed =>
        {
            string here = parsed.GetValue(common.Data)!;
            return new SweepCatalogue(here).Find(parsed.GetRequiredValue(what)).Bind(sweep => Compare(sweep.Plan, here, parsed.GetRequiredValue(other))).Match(
                comparison => Report(comparison, parsed.GetValue(common.Json), terminal),
                reason => Refusal.Of(terminal, reason));
        });
        return command;
    }

    private static Result<Comparison> Compare(SweepPlan plan, string here, string there)
    {
        SweepStanding one = SweepStanding.Of(plan, new RunCatalogue(here)), other = SweepStanding.Of(plan, new RunCatalogue(there));
        foreach ((SweepStanding standing, string data) in new[] { (one, here), (other, there) })
        {
            if (standing.Count(RunStatus.Completed) is var completed && completed < standing.Runs.Length)
                return Result.Failure<Comparison>($"{completed} of {standing.Runs.Length} runs of {plan.Id} are completed in {data}; a distribution needs all of them: sweep run {plan.Id} --data {data}.");
        }

        return Result.Success(new Comparison(
            plan.Id,
            Profiles(one),
            Profiles(other),
            [.. one.Points.Zip(other.Points, (a, b) => (a.Point.Words, new PairedSteps([.. a.Runs.Zip(b.Runs, (first, second) => (Grokked(first), Grokked(second)))])))]));
    }

    private static string[] Profiles(SweepStanding standing) => [.. standing.Runs.Select(run => run.Record!.Environment.NumericsProfile).Distinct().Order(StringComparer.Ordinal)];

    private static double Grokked(RunStanding run) => run.Record!.Outcome?.Milestones.Grokked.First ?? double.PositiveInfinity;

    private static int Report(Comparison comparison, bool json, Terminal terminal)
    {
        terminal.Say($"first: {string.Join("; ", comparison.First)}");
        terminal.Say($"second: {string.Join("; ", comparison.Second)}");
        terminal.Table(
            ["point", "runs", "grokked", "step, quartiles", "grokked", "step, quartiles", "equal", "median shift", "distance", "by chance"],
            comparison.Points.Select(point => (IReadOnlyList<string>)
            [
                point.Words.Length == 0 ? "all" : point.Words,
                Number(point.Steps.Pairs.Length),
                .. Side(point.Steps.Pairs.Select(pair => pair.First)),
                .. Side(point.Steps.Pairs.Select(pair => pair.Second)),
                Number(point.Steps.Equal),
                double.IsNaN(point.Steps.Shift) ? "–" : Numeral.Of(point.Steps.Shift),
                point.Steps.Distance.ToString("0.000", CultureInfo.InvariantCulture),
                point.Steps.Chance().ToString("0.0000", CultureInfo.InvariantCulture),
            ]),
            asTalk: json);
        if (json)
            terminal.Data(JsonLine.Write(line => Write(line, comparison)));
        return ExitCode.Done;
    }

    private static string[] Side(IEnumerable<double> steps)
    {
        double[] all = [.. steps];
        return [Number(all.Count(double.IsFinite)), string.Join(" ", Quartiles.Select(share => Numeral.Of(PairedSteps.Quantile(all, share))))];
    }

    private static void Write(Utf8JsonWriter line, Comparison comparison)
    {
        line.WriteString("sweep", comparison.Sweep);
        foreach ((string name, string[] profiles) in new[] { ("first", comparison.First), ("second", comparison.Second) })
        {
            line.WriteStartArray($"{name}_numerics_profiles");
            foreach (string profile in profiles)
                line.WriteStringValue(profile);
            line.WriteEndArray();
        }

        line.WriteStartArray("points");
        foreach ((string words, PairedSteps steps) in comparison.Points)
        {
            line.WriteStartObject();
            line.WriteString("point", words);
            Write(line, "first_grokked_steps", steps.Pairs.Select(pair => pair.First));
            Write(line, "second_grokked_steps", steps.Pairs.Select(pair => pair.Second));
            line.WriteNumber("equal", steps.Equal);
            if (!double.IsNaN(steps.Shift))
                line.WriteNumber("median_shift", steps.Shift);
            line.WriteNumber("distance", steps.Distance);
            line.WriteNumber("chance", steps.Chance());
            line.WriteEndObject();
        }

        line.WriteEndArray();
    }

    // In the order of the plan; null for a run that did not grok.
    private static void Write(Utf8JsonWriter line, string name, IEnumerable<double> steps)
    {
        line.WriteStartArray(name);
        foreach (double step in steps)
        {
            if (double.IsFinite(step))
                line.WriteNumberValue((long)step);
            else
                line.WriteNullValue();
        }

        line.WriteEndArray();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record Comparison(string Sweep, string[] First, string[] Second, (string Words, PairedSteps Steps)[] Points);
}
