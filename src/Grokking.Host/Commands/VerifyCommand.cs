using System.CommandLine;
using System.Globalization;
using Grokking.Analytic;
using Grokking.Host.Output;
using Grokking.Training;

namespace Grokking.Host.Commands;

/// <summary><c>verify</c>: checks the algebraic facts exhaustively, on every pair of operands; or says what a learning rate will do.</summary>
internal static class VerifyCommand
{
    private const int DefaultModulus = 23;

    // The work grows as p⁴; beyond this a slip of the keyboard would run for hours.
    private const int LargestModulus = 499;

    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        Option<long?> modulus = NumberOption.Create("--modulus", 2, LargestModulus, $"Checks one modulus (default: {DefaultModulus}; with a rate 97).", "P");
        Option<long?> upTo = NumberOption.Create("--up-to", 2, LargestModulus, "Checks every modulus from 2 on, prime or not.", "P");
        var rate = new RateOptions(modulus);
        var task = new Option<string?>("--task")
        {
            Description = "Says of a formula instead whether it has the form h(g1(x) + g2(y)) that is conjectured to be learnable, with the form or a proof.",
            HelpName = "FORMULA",
        };
        var command = new Command("verify", "Checks algebraic facts, such as that a network with known weights is always right; or a learning rate, or a task's form.")
        {
            modulus, upTo, task, common.Json,
        };
        foreach (Option option in rate.All)
            command.Options.Add(option);
        command.Validators.Add(rate.Check);
        command.Validators.Add(result =>
        {
            if (result.GetResult(modulus) is not null && result.GetResult(upTo) is not null)
                result.AddError("--modulus and --up-to exclude each other; give one of them.");
            if (result.GetResult(upTo) is not null && rate.All.Any(option => result.GetResult(option) is { Implicit: false }))
                result.AddError("--up-to checks facts, and a rate belongs to one modulus; give --modulus.");
            if (result.GetResult(task) is not null && rate.All.Any(option => result.GetResult(option) is { Implicit: false }))
                result.AddError("--task asks about a formula and a rate about training; ask one at a time.");
        });
        command.SetAction(parsed =>
        {
            if (rate.Of(parsed) is { } question)
                return RateReport.Write(question, parsed.GetValue(common.Json), terminal);
            IEnumerable<int> moduli = parsed.GetValue(upTo) is { } last
                ? Enumerable.Range(2, (int)last - 1)
                : [(int)(parsed.GetValue(modulus) ?? DefaultModulus)];
            return parsed.GetValue(task) is { } formula
                ? VerifyTask.Run(formula, [.. moduli], parsed.GetValue(common.Json), terminal)
                : Verify([.. moduli], parsed.GetValue(common.Json), terminal);
        });
        return command;
    }

    private static int Verify(IReadOnlyList<int> moduli, bool json, Terminal terminal)
    {
        var facts = new List<AlgebraicFact>();
        foreach (int p in moduli)
        {
            facts.AddRange(Verification.Check(p));
            if (moduli.Count > 1 && p % 10 == 0)
                terminal.Say($"checked up to {p} of {moduli[^1]}");
        }

        int failed = facts.Count(fact => !fact.Holds);
        terminal.Table(
            ["modulus", "neurons", "precision", "accuracy", "expected", "margin", "predicted", "squared error", "predicted", "holds", "fact"],
            facts.Select(Row),
            asTalk: json);
        terminal.Say(failed == 0 ? $"All {facts.Count} facts hold." : $"{failed} of {facts.Count} facts do not hold.");
        if (json)
        {
            terminal.Data(JsonLine.Write(line =>
            {
                line.WriteNumber("facts", facts.Count);
                line.WriteNumber("failed", failed);
                line.WriteStartArray("failures");
                foreach (AlgebraicFact fact in facts.Where(fact => !fact.Holds))
                    line.WriteStringValue($"p = {fact.Modulus}, {fact.Precision}: {fact.Statement}");
                line.WriteEndArray();
            }));
        }

        return failed == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static IReadOnlyList<string> Row(AlgebraicFact fact) =>
    [
        fact.Modulus.ToString(CultureInfo.InvariantCulture),
        fact.Width.ToString(CultureInfo.InvariantCulture),
        fact.Precision == Precision.Double ? "float64" : "float32",
        fact.Accuracy.ToString("P2", CultureInfo.InvariantCulture),
        fact.ExpectedAccuracy.ToString("P2", CultureInfo.InvariantCulture),
        fact.Margin.ToString("g6", CultureInfo.InvariantCulture),
        fact.PredictedMargin.ToString("g6", CultureInfo.InvariantCulture),
        fact.MeanSquaredError.ToString("g5", CultureInfo.InvariantCulture),
        fact.PredictedMeanSquaredError.ToString("g5", CultureInfo.InvariantCulture),
        fact.Holds ? "yes" : "NO",
        fact.Statement,
    ];
}
