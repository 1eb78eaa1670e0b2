using System.CommandLine;
using Grokking.DiffSharp;
using Grokking.Host.Output;
using Grokking.Host.Training;
using Grokking.Training;

namespace Grokking.Host.Commands;

/// <summary><c>--engine diffsharp</c> with <c>--dtype</c>; <c>--device</c> then says where DiffSharp computes. Compiled with -p:UseDiffSharp=true only.</summary>
internal sealed class DiffSharpOptions : EngineOptions
{
    private const string DiffSharp = "diffsharp";
    private const string Own = "own";

    private readonly Option<string> engine = WordOption.Create(
        "--engine", [Own, DiffSharp], Own, "What trains: our own engine, or the same step as it is written on DiffSharp.", $"{Own}|{DiffSharp}");

    private readonly Option<string?> dtype = new("--dtype") { Description = "DiffSharp's number type; short for --set precision=single|double.", HelpName = "float32|float64" };

    public DiffSharpOptions(Terminal terminal)
        : base(terminal)
    {
        dtype.AcceptWords(["float32", "float64"]);
        dtype.Validators.Add(result =>
        {
            if (result.Written(engine, Own) != DiffSharp)
                result.AddError($"--dtype is DiffSharp's; it goes with --engine {DiffSharp}.");
        });
        Precision.Validators.Add(result =>
        {
            if (!result.Implicit && result.Written(engine, Own) == DiffSharp)
                result.AddError("--precision is our own engine's; DiffSharp's is --dtype.");
        });
    }

    public override IReadOnlyList<Option> ForRun => [engine, .. ForMany, dtype];

    public override IReadOnlyList<Option> ForResume => [engine, .. ForMany];

    public override IReadOnlyList<string> Changes(ParseResult parsed) =>
        parsed.GetValue(dtype) is { } type ? [$"precision={(type == "float64" ? "double" : "single")}"] : [];

    public override MachineMaker Of(ParseResult parsed, int threads) => parsed.GetValue(engine) != DiffSharp
        ? base.Of(parsed, threads)
        : (recipe, train, test, precision) => Reading(parsed.GetValue(Device)!, precision)
            .Map<IStepMachine>(reading => new EagerMachine<DiffSharpTensor>(recipe, train, test, reading));

    private Result<EagerReading<DiffSharpTensor>> Reading(string device, Precision precision) => Configured(device != Processor, precision).Match(
        Result.Success,
        reason =>
        {
            if (device != Either)
                return Result.Failure<EagerReading<DiffSharpTensor>>(reason);
            Terminal.Say($"--device is {device}: the processor trains. {reason}");
            return Configured(gpu: false, precision);
        });

    private static Result<EagerReading<DiffSharpTensor>> Configured(bool gpu, Precision precision)
    {
        try
        {
            return Result.Success(DiffSharpReading.Configure(gpu, precision));
        }
        catch (InvalidOperationException fault)
        {
            return Result.Failure<EagerReading<DiffSharpTensor>>(fault.Message);
        }
    }
}
