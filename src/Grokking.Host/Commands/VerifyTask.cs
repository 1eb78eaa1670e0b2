using System.Collections.Immutable;
using System.Globalization;
using Grokking.Arithmetic;
using Grokking.Host.Output;

namespace Grokking.Host.Commands;

/// <summary><c>verify --task</c>: whether a task has the form h(g1(x) + g2(y)), or with a product modulo a prime, by proof.</summary>
internal static class VerifyTask
{
    // Of each function; --json has all.
    private const int ValuesShown = 8;

    /// <summary>Decides a task for each modulus.</summary>
    public static int Run(string formula, IReadOnlyList<int> moduli, bool json, Terminal terminal)
    {
        if (TaskParser.Parse(formula) is ParseResult.Error error)
            return Refusal.Of(terminal, $"--task: {error.Rendering}");
        (int Modulus, Result<ArithmeticTask> Task)[] tasks = [.. moduli.Select(p => (p, ArithmeticTask.Parse(formula, new Modulus(p)).Bind(task => task.WithOperands(2))))];
        if (tasks is [{ Task: Result<ArithmeticTask>.Failure refused }])
            return Refusal.Of(terminal, $"--task: {refused.Reason}");

        var rows = new List<IReadOnlyList<string>>();
        foreach ((int p, Result<ArithmeticTask> task) in tasks)
        {
            Result<Learnability> answer = task.Map(Learnability.Of);
            rows.Add([p.ToString(CultureInfo.InvariantCulture), answer.Match(Word, _ => "no task"), answer.Match(Why, reason => reason)]);
            if (json)
                terminal.Data(Line(formula, p, answer));
        }

        terminal.Table(["modulus", "answer", "because"], rows, asTalk: json);
        terminal.Say("Learnable is what is h(g1(x) + g2(y)) modulo p, or h(g1(x) * g2(y)) modulo a prime: by the conjecture of arXiv 2406.03495 just that is learnt to the end.");
        return ExitCode.Done;
    }

    private static string Word(Learnability answer) => answer switch
    {
        Learnability.Learnable => "learnable",
        Learnability.NotLearnable => "not learnable",
        _ => "undecided",
    };

    private static string Why(Learnability answer) => answer switch
    {
        Learnability.Learnable { Form: var form } => $"h(g1(x) {(form.Operation == InnerOperation.Sum ? "+" : "*")} g2(y)) with {Values("g1", form.First)}, {Values("g2", form.Second)}, {Values("h", form.Outer)}",
        Learnability.NotLearnable not => not.Reason,
        Learnability.Undecided not => not.Reason,
        _ => "",
    };

    private static string Values(string name, ImmutableArray<int> values) =>
        $"{name} = {string.Join(' ', values.Take(ValuesShown))}{(values.Length > ValuesShown ? " …" : "")}";

    private static string Line(string formula, int modulus, Result<Learnability> answer) => JsonLine.Write(json =>
    {
        json.WriteString("task", formula);
        json.WriteNumber("modulus", modulus);
        json.WriteString("answer", answer.Match(Word, _ => "no task"));
        json.WriteString("because", answer.Match(Why, reason => reason));
        if (answer is not Result<Learnability>.Success { Value: Learnability.Learnable { Form: var form } })
            return;
        json.WriteString("operation", form.Operation == InnerOperation.Sum ? "sum" : "product");
        foreach ((string name, ImmutableArray<int> values) in new[] { ("g1", form.First), ("g2", form.Second), ("h", form.Outer) })
        {
            json.WriteStartArray(name);
            foreach (int value in values)
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }
    });
}
