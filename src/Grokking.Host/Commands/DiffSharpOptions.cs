using System.CommandLine;
using Grokking.DiffSharp;
using Grokking.Host.Training;
using Grokking.Training;

namespace Grokking.Host.Commands;

/// <summary><c>--engine diffsharp</c> with <c>--device</c> and <c>--dtype</c>. Compiled with -p:UseDiffSharp=true only.</summary>
internal sealed class DiffSharpOptions : EngineOptions
{
    private const string DiffSharp = "diffsharp";

    private readonly Option<string> engine = Choice("--engine", "What trains: our own engine, or the same step as it is written on DiffSharp.", "own", DiffSharp);
    private readonly Option<string> device = Choice("--device", "Where DiffSharp computes.", "cpu", "gpu");
    private readonly Option<string?> dtype = Choice<string?>("--dtype", "DiffSharp's number type; short for --set precision=single|double.", "float32", "float64");

    public DiffSharpOptions()
    {
        foreach (Option option in new Option[] { device, dtype })
        {
            option.Validators.Add(result =>
            {
                if (!result.Implicit && result.GetValue(engine) != DiffSharp)
                    result.AddError($"{option.Name} is DiffSharp's; it goes with --engine {DiffSharp}.");
            });
        }
    }

    public override IReadOnlyList<Option> ForRun => [engine, device, dtype];

    public override IReadOnlyList<Option> ForResume => [engine, device];

    public override IReadOnlyList<string> Changes(ParseResult parsed) =>
        parsed.GetValue(dtype) is { } type ? [$"precision={(type == "float64" ? "double" : "single")}"] : [];

    public override MachineMaker Of(ParseResult parsed, int threads)
    {
        if (parsed.GetValue(engine) != DiffSharp)
            return base.Of(parsed, threads);
        bool gpu = parsed.GetValue(device) == "gpu";
        return (recipe, train, test, precision) =>
        {
            try
            {
                return Result.Success<IStepMachine>(new EagerMachine<DiffSharpTensor>(recipe, train, test, DiffSharpReading.Configure(gpu, precision)));
            }
            catch (InvalidOperationException fault)
            {
                return Result.Failure<IStepMachine>(fault.Message);
            }
        };
    }

    private static Option<string> Choice(string name, string description, string first, string second)
    {
        Option<string> option = Choice<string>(name, description, first, second);
        option.DefaultValueFactory = _ => first;
        return option;
    }

    private static Option<T> Choice<T>(string name, string description, string first, string second)
    {
        var option = new Option<T>(name) { Description = description, HelpName = $"{first}|{second}" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && word.Value != first && word.Value != second)
                result.AddError($"{name} is {word.Value}; it must be {first} or {second}.");
        });
        return option;
    }
}
