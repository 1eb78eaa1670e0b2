using System.CommandLine;
using System.CommandLine.Parsing;
using Grokking.Cuda;
using Grokking.Host.Devices;
using Grokking.Host.Output;
using Grokking.Host.Training;

namespace Grokking.Host.Commands;

/// <summary>Where training computes: <c>--device</c> and <c>--precision</c>, the same for every command that trains.</summary>
internal class EngineOptions
{
    /// <summary>The word for the processor.</summary>
    protected const string Processor = "cpu";

    /// <summary>The word for a device where there is one.</summary>
    protected const string Either = "auto";

    private const string Tf32 = "tf32";

    /// <summary>Makes the options.</summary>
    /// <param name="terminal">Where it is said that the processor trains in place of a device.</param>
    public EngineOptions(Terminal terminal)
    {
        Terminal = terminal;
        Device = WordOption.Create(
            "--device", [Processor, "cuda", Either], Processor, "Where training computes: the processor, an NVIDIA device through its driver, or auto, the device where there is one.", "cpu|cuda|auto");
        Precision = WordOption.Create(
            "--precision", ["float32", Tf32], "float32", "How a device multiplies matrices: as precisely as float32, or with factors rounded to TF32, which is faster.", "float32|tf32");
        Precision.Validators.Add(result =>
        {
            if (!result.Implicit && !AsksForDevice(result))
                result.AddError("--precision is a device's; it goes with --device cuda or --device auto.");
        });
    }

    /// <summary>The options of commands that train many runs.</summary>
    public IReadOnlyList<Option> ForMany => [Device, Precision];

    /// <summary>The options of <c>run</c>.</summary>
    public virtual IReadOnlyList<Option> ForRun => ForMany;

    /// <summary>The options of <c>resume</c>.</summary>
    public virtual IReadOnlyList<Option> ForResume => ForMany;

    /// <summary><c>--device</c>.</summary>
    protected Option<string> Device { get; }

    /// <summary><c>--precision</c>.</summary>
    protected Option<string> Precision { get; }

    /// <summary>Where it is said that the processor trains in place of a device.</summary>
    protected Terminal Terminal { get; }

    /// <summary>Changes of the experiment that the options stand for, as in <c>--set</c>.</summary>
    public virtual IReadOnlyList<string> Changes(ParseResult parsed) => [];

    /// <summary>What trains a run in the foreground; a device is opened when it is first needed.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="threads">Threads of our own engine.</param>
    public virtual MachineMaker Of(ParseResult parsed, int threads)
    {
        MachineMaker own = Engines.Own(threads);
        var device = new Lazy<Result<DeviceEngine?>>(() => Open(parsed, threads));
        return (recipe, train, test, precision) => device.Value.Bind(engine => (engine?.Alone ?? own)(recipe, train, test, precision));
    }

    /// <summary>Opens the device that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="threads">Threads of our own engine, where it trains in place of the device.</param>
    /// <returns>The device; null where the processor trains; or the sentence that says why the device cannot be used.</returns>
    public Result<DeviceEngine?> Open(ParseResult parsed, int threads)
    {
        string word = parsed.GetValue(Device) ?? Processor;
        if (word == Processor)
            return Result.Success<DeviceEngine?>(null);
        CudaPrecision precision = parsed.GetValue(Precision) == Tf32 ? CudaPrecision.Tf32 : CudaPrecision.Single;
        return DeviceEngine.Open(precision, word == Either ? Engines.Own(threads) : null).Match(
            Result.Success<DeviceEngine?>,
            reason =>
            {
                if (word != Either)
                    return Result.Failure<DeviceEngine?>($"--device is {word}. {reason}");
                Terminal.Say($"--device is {word}: the processor trains. {reason}");
                return Result.Success<DeviceEngine?>(null);
            });
    }

    /// <summary>Whether a device was asked for, for checks of how options go together.</summary>
    public bool AsksForDevice(SymbolResult result) => result.Written(Device, Processor) != Processor;
}
