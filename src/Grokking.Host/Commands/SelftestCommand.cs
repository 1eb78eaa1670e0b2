using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Grokking.Cuda;
using Grokking.Cuda.Checks;
using Grokking.Cuda.Driver;
using Grokking.Host.Benchmarks;
using Grokking.Host.Devices;
using Grokking.Host.Output;

namespace Grokking.Host.Commands;

/// <summary><c>selftest</c>: whether a device computes what it should, and how fast its kernels are.</summary>
internal static class SelftestCommand
{
    private const string Either = "auto";

    // Kernels are timed on ever larger operands, as long as the next ones, 64 times the work at most, take but a moment: on a simulated device the smallest are enough.
    private const int SmallestScale = 16;
    private const int LargestScale = 1024;
    private const int Growth = 4;
    private const double Moment = 0.02;
    private const int Repetitions = 10;

    // Losses after ten steps: two float32 trajectories, or one whose factors are rounded to TF32 (a relative 5e-4 each).
    private static readonly (CudaPrecision Precision, string Word, double Tolerance)[] Precisions = [(CudaPrecision.Single, "float32", 1e-5), (CudaPrecision.Tf32, "tf32", 2e-3)];

    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        Option<string> device = WordOption.Create(
            "--device", ["cuda", Either], "cuda", $"Which device: an NVIDIA one through its driver; with {Either} there need be none.", $"cuda|{Either}");
        var command = new Command("selftest", "Checks a device: every kernel against its definition, whole training steps against the processor's, the same bits twice; and shows how fast the kernels are.")
        {
            device, common.Json,
        };
        command.SetAction(parsed => Device.TryOpen().Match(
            opened =>
            {
                using (opened)
                    return Test(opened, parsed.GetValue(common.Json), terminal);
            },
            reason =>
            {
                if (parsed.GetValue(device) != Either)
                    return Refusal.Of(terminal, reason);
                terminal.Say($"There is nothing to test. {reason}");
                return ExitCode.Done;
            }));
        return command;
    }

    private static int Test(Device device, bool json, Terminal terminal)
    {
        terminal.Say($"{device.Name}, compute capability {device.Capability.Major}.{device.Capability.Minor}, {device.TotalBytes >> 20} MiB, driver of CUDA {device.DriverVersion / 1000}.{device.DriverVersion % 1000 / 10}");
        try
        {
            Check[] kernels = [.. KernelChecks.All.Select(kernel => Of(kernel, device))];
            Report(kernels, json, terminal);
            Check[] steps = [.. Precisions.SelectMany(each => StepCheck.Subjects.SelectMany(subject => Of(subject, device, each.Precision, each.Word, each.Tolerance, terminal)))];
            Report(steps, json, terminal);
            Speeds(device, json, terminal);
            return Verdict(device, [.. kernels, .. steps], json, terminal);
        }
        catch (DeviceLostException fault)
        {
            terminal.Say($"error: {fault.Message}");
            return ExitCode.Failed;
        }
    }

    private static Check Of(KernelCheck kernel, Device device)
    {
        KernelOutcome outcome = kernel.Run(device);
        return new($"{kernel.Kernel}: {kernel.What}", outcome.Repeats ? outcome.Error : double.PositiveInfinity, kernel.Tolerance);
    }

    private static IEnumerable<Check> Of(Workload subject, Device device, CudaPrecision precision, string word, double tolerance, Terminal terminal) =>
        new StepCheck(DeviceEngine.On(device, precision, instead: null), tolerance).Of(subject).Match<IEnumerable<Check>>(
            checks => checks.Select(check => check with { What = $"{word}, {check.What}" }),
            reason =>
            {
                terminal.Say($"error: {subject.Description}: {reason}");
                return [Check.Bits($"{word}, {subject.Description}", equal: false)];
            });

    private static void Report(IEnumerable<Check> checks, bool json, Terminal terminal) => terminal.Table(
        ["holds", "error", "allowed", "what"],
        checks.Select(check => new[] { check.Holds ? "yes" : "NO", Number(check.Error), Number(check.Tolerance), check.What }),
        asTalk: json);

    private static void Speeds(Device device, bool json, Terminal terminal) => terminal.Table(
        ["kernel", "scale", "µs", "G/s", "what"],
        KernelChecks.All.Select(kernel =>
        {
            (int scale, KernelSpeed speed) = Largest(kernel, device);
            return new[]
            {
                kernel.Kernel, scale.ToString(CultureInfo.InvariantCulture), (speed.Seconds * 1e6).ToString("0.0", CultureInfo.InvariantCulture),
                (speed.Work / speed.Seconds / 1e9).ToString("0.###", CultureInfo.InvariantCulture), kernel.What,
            };
        }),
        asTalk: json);

    private static (int Scale, KernelSpeed Speed) Largest(KernelCheck kernel, Device device)
    {
        int scale = SmallestScale;
        KernelSpeed speed = kernel.Time(device, scale, places: 1, Repetitions);
        while (scale < LargestScale && speed.Seconds * Math.Pow(Growth, 3) < Moment)
        {
            scale *= Growth;
            speed = kernel.Time(device, scale, places: 1, Repetitions);
        }

        return (scale, speed);
    }

    private static int Verdict(Device device, ImmutableArray<Check> checks, bool json, Terminal terminal)
    {
        Check[] failed = [.. checks.Where(check => !check.Holds)];
        terminal.Say("G/s: multiply-adds of products, elements read or written by the others, in thousands of millions a second.");
        terminal.Say(failed.Length == 0 ? $"All {checks.Length} checks hold." : $"{failed.Length} of {checks.Length} checks do not hold.");
        if (json)
        {
            terminal.Data(JsonLine.Write(line =>
            {
                line.WriteString("device", device.Name);
                line.WriteNumber("checks", checks.Length);
                line.WriteNumber("failed", failed.Length);
                line.WriteStartArray("failures");
                foreach (Check check in failed)
                    line.WriteStringValue(check.What);
                line.WriteEndArray();
            }));
        }

        return failed.Length == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Number(double value) => value == 0 ? "0" : double.IsInfinity(value) ? "bits differ" : value.ToString("0.0e0", CultureInfo.InvariantCulture);
}
