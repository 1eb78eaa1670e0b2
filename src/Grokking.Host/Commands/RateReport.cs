using System.Collections.Immutable;
using System.Globalization;
using Grokking.Analytic;
using Grokking.Host.Output;
using Grokking.Optimisers;

namespace Grokking.Host.Commands;

/// <summary>The answer of <c>verify --learning-rate</c>: the numbers in each convention, and what they will do.</summary>
internal static class RateReport
{
    /// <summary>Writes the answer.</summary>
    public static int Write(RateQuestion question, bool json, Terminal terminal)
    {
        Optimiser here = question.Convention.ToHere(question.Optimiser, question.Network);
        TrainingOutlook outlook = TrainingOutlook.Of(here, question.Network);
        ImmutableArray<Row> rows = [.. ScaleConvention.All.Select(convention => Row.Of(convention, here, outlook, question))];
        ImmutableArray<string> sentences = [.. Sentences(question, here, outlook)];
        bool adaptive = here is AdaptiveMoments;
        terminal.Table(
            ["convention", "learning rate", "good rates", "weight decay", .. adaptive ? ["epsilon"] : Array.Empty<string>(), "first weights", "scales"],
            rows.Select(row => row.Cells(adaptive)),
            asTalk: json);
        foreach (string sentence in sentences)
        {
            if (json)
                terminal.Say(sentence);
            else
                terminal.Data(sentence);
        }

        if (json)
            terminal.Data(Json(question, outlook, rows, sentences));
        return ExitCode.Done;
    }

    private static IEnumerable<string> Sentences(RateQuestion question, Optimiser here, TrainingOutlook outlook)
    {
        var (p, n) = (question.Network.Modulus, question.Network.Width);
        string steps = outlook.ExpectedSteps.ToString(outlook.ExpectedSteps < 1e6 ? "n0" : "g2", CultureInfo.InvariantCulture);
        yield return $"p = {p}, N = {n}, the squared error, half to nine tenths of the data: " + outlook.Rate switch
        {
            RateVerdict.Stalls => $"this rate will stall: about {steps} steps to 95 % of the test set.",
            RateVerdict.Slow => $"this rate is slow: about {steps} steps to 95 % of the test set.",
            RateVerdict.Good => $"this rate is good: about {steps} steps to 95 % of the test set.",
            RateVerdict.EdgeOfStability => $"this rate is at the edge of stability: about {steps} steps to 95 % of the test set, with spikes of the loss.",
            _ => "this rate diverges.",
        };
        double gradient = TrainingOutlook.FirstGradient(question.Network);
        if (here is AdaptiveMoments adaptive && outlook.EpsilonHidesGradients)
        {
            yield return $"Epsilon is {Short(adaptive.Epsilon)} here{(question.EpsilonIsUsual ? " (the usual one, as none was given)" : "")}, and the first gradients are about "
                + $"{Short(gradient)}: it hides them, and delays or prevents grokking. At most {Short(TrainingOutlook.LargestEpsilonShare * gradient)} is safe here.";
        }

        if (outlook.DecayKills)
        {
            yield return (here is AdamW
                ? $"The decay is {Short(here.WeightDecay)} here, so weights settle near {Short(1 / here.WeightDecay)} at most, and the task needs about {Short(TrainingOutlook.NeededWeight(question.Network))}: they will die."
                : $"The decay is {Short(here.WeightDecay)} here, and the first gradients are about {Short(gradient)}: it pulls harder than they do, and the weights will die.")
                + $" At most {Short(here.WeightDecay / outlook.DecayShare * outlook.LargestDecayShare)} is safe here.";
        }
    }

    private static string Json(RateQuestion question, TrainingOutlook outlook, ImmutableArray<Row> rows, ImmutableArray<string> sentences) => JsonLine.Write(line =>
    {
        line.WriteString("verdict", outlook.Rate switch
        {
            RateVerdict.Stalls => "stalls",
            RateVerdict.Slow => "slow",
            RateVerdict.Good => "good",
            RateVerdict.EdgeOfStability => "edge-of-stability",
            _ => "diverges",
        });
        line.WriteNumber("expected_steps", Math.Round(outlook.ExpectedSteps));
        line.WriteBoolean("epsilon_hides_gradients", outlook.EpsilonHidesGradients);
        line.WriteBoolean("decay_kills", outlook.DecayKills);
        line.WriteNumber("modulus", question.Network.Modulus);
        line.WriteNumber("width", question.Network.Width);
        line.WriteString("from", question.Convention.Id);
        line.WriteStartArray("conventions");
        foreach (Row row in rows)
        {
            line.WriteStartObject();
            line.WriteString("convention", row.Convention.Id);
            line.WriteNumber("learning_rate", row.Optimiser.LearningRate);
            line.WriteNumber("slowest_good_rate", row.Slowest);
            line.WriteNumber("fastest_good_rate", row.Fastest);
            line.WriteNumber("weight_decay", row.Optimiser.WeightDecay);
            if (row.Optimiser is AdaptiveMoments adaptive)
                line.WriteNumber("epsilon", adaptive.Epsilon);
            line.WriteNumber("first_weights", row.FirstWeights);
            line.WriteEndObject();
        }

        line.WriteEndArray();
        line.WriteStartArray("sentences");
        foreach (string sentence in sentences)
            line.WriteStringValue(sentence);
        line.WriteEndArray();
    });

    private static string Short(double value) => value.ToString("g3", CultureInfo.InvariantCulture);

    private sealed record Row(ScaleConvention Convention, Optimiser Optimiser, double Slowest, double Fastest, double FirstWeights)
    {
        public static Row Of(ScaleConvention convention, Optimiser here, TrainingOutlook outlook, RateQuestion question)
        {
            double There(double rate) => convention.FromHere(here with { LearningRate = rate }, question.Network).LearningRate;
            // The run's own first weights, as this convention has them.
            double first = question.Convention.InitialDeviation(question.Network) * question.Convention.WeightScale(question.Network) / convention.WeightScale(question.Network);
            return new(convention, convention.FromHere(here, question.Network), There(outlook.SlowestRate), There(outlook.FastestRate), first);
        }

        public IReadOnlyList<string> Cells(bool adaptive) =>
        [
            Convention.Id,
            Short(Optimiser.LearningRate),
            $"{Short(Slowest)} to {Short(Fastest)}",
            Short(Optimiser.WeightDecay),
            .. Optimiser is AdaptiveMoments { Epsilon: var epsilon } && adaptive ? [Short(epsilon)] : Array.Empty<string>(),
            Short(FirstWeights),
            Convention.Description,
        ];
    }
}
