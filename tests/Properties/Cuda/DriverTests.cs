using Grokking.Cuda;
using Grokking.Cuda.Driver;
using Grokking.Cuda.Training;
using Grokking.Properties.Training;
using Grokking.Randomness;
using Grokking.Training;

namespace Grokking.Properties.Cuda;

/// <summary>Opening the device, or saying in a sentence why not; and what becomes of a run whose device is lost.</summary>
[Collection(SimulatedDriver.Turns)]
public sealed class DriverTests : IDisposable
{
    private static readonly string[] Settings = ["SIM_DEVICES", "SIM_CAPABILITY", "SIM_DRIVER", "SIM_MEMORY", "SIM_FAIL"];

    public void Dispose()
    {
        if (SimulatedDriver.Absence is null)
        {
            Array.ForEach(Settings, name => SimulatedDriver.Set(name, null));
        }
    }

    [SimulatedTheory]
    [InlineData("SIM_DEVICES", "0", "CUDA cannot be used: this machine has no NVIDIA GPU.")]
    [InlineData("SIM_CAPABILITY", "7.5", "CUDA cannot be used: the GPU's compute capability is 7.5; 8.0 or higher is needed.")]
    [InlineData("SIM_DRIVER", "10020", "CUDA cannot be used: the driver is too old (CUDA 10.2); version 11.4 or later is needed.")]
    [InlineData("SIM_FAIL", "init:1:999", "CUDA cannot be used: the driver does not start, CUDA_ERROR_UNKNOWN (999: unknown error).")]
    public void What_cannot_be_used_is_refused_in_a_sentence(string setting, string value, string reason)
    {
        SimulatedDriver.Set(setting, value);
        Assert.Equal(reason, Device.TryOpen().Match(_ => "opened", why => why));
        SimulatedDriver.Set(setting, null);
        Opened().Dispose();
    }

    [Fact]
    public void A_library_that_is_not_there_is_named()
    {
        Assert.Equal("CUDA cannot be used: this machine has no NVIDIA driver (libno-such-thing.so cannot be loaded).", Library.Objection("libno-such-thing.so"));
        Assert.Null(Library.Objection("libc.so.6"));
    }

    [SimulatedFact]
    public void A_device_tells_what_it_is_and_leaves_nothing_behind()
    {
        var before = Held();
        using (var device = Opened())
        {
            Assert.Equal((9, 0), device.Capability);
            Assert.True(device.Name.Length > 0 && device.DriverVersion >= 11040 && device.FreeBytes <= device.TotalBytes);
            using var machine = Machine(device);
            machine.Load(Start);
            machine.Advance(2);
            Assert.True(Held()[0] > before[0]);
        }

        Assert.Equal(before, Held());
    }

    [SimulatedFact]
    public void What_outlives_its_device_goes_quietly()
    {
        var device = Opened();
        var machine = Machine(device);
        machine.Load(Start);
        device.Dispose();
        machine.Dispose();
        device.Dispose();
    }

    [SimulatedFact]
    public void A_refused_call_is_named()
    {
        SimulatedDriver.Set("SIM_MEMORY", "4000000");
        using var device = Opened();
        var refusal = Assert.Throws<CudaException>(() => new DeviceMemory(device, 1L << 50));
        Assert.True(refusal.IsOutOfMemory);
        Assert.StartsWith("The CUDA driver's cuMemAlloc_v2 failed: CUDA_ERROR_OUT_OF_MEMORY (2", refusal.Message, StringComparison.Ordinal);
        var held = Held();
        var fleet = CudaFleet.Create(device, GoldenRun.Paths[0].Recipe, GoldenRun.Train, GoldenRun.Test, CudaPrecision.Single, 2000);
        Assert.Contains("2000 of these runs take", fleet.Match(_ => "made", reason => reason), StringComparison.Ordinal);
        Assert.Equal(held, Held());
    }

    [SimulatedTheory]
    [InlineData("launch:30:700")]
    [InlineData("launch:30:719")]
    [InlineData("sync:3:700")]
    [InlineData("copy:12:719")]
    public void A_device_that_is_lost_in_the_middle_leaves_the_state_before_to_the_processor(string fault)
    {
        TrainState? last = null;
        using (var device = Opened())
        {
            using var machine = Machine(device);
            machine.Load(last = Start);
            SimulatedDriver.Set("SIM_FAIL", fault);
            var loss = Assert.Throws<DeviceLostException>(() =>
            {
                for (var i = 0; i < 50; i++)
                {
                    machine.Advance(1);
                    last = machine.State;
                }
            });
            Assert.StartsWith("The CUDA device is lost: ", loss.Message, StringComparison.Ordinal);
            Assert.Throws<DeviceLostException>(() => machine.Advance(1));
            Assert.Throws<DeviceLostException>(() => Machine(device));
            Assert.True(device.IsLost);
        }

        SimulatedDriver.Set("SIM_FAIL", null);
        using var processor = new StepMachine(GoldenRun.Paths[0].Recipe, GoldenRun.Train, GoldenRun.Test, Precision.Single, threads: 1);
        processor.Load(last);
        processor.Advance(3);
        Assert.Equal(last.Step + 3, processor.State.Step);

        // Whoever opens the device anew has it anew.
        using var again = Opened();
        using var other = Machine(again);
        other.Load(last);
        other.Advance(1);
        Assert.Equal(last.Step + 1, other.State.Step);
    }

    [SimulatedFact]
    public void Nothing_waits_for_the_device_but_reading()
    {
        using var device = Opened();
        using var machine = Machine(device);
        machine.Load(Start);
        machine.Advance(1);
        _ = machine.State;
        var (syncs, replays) = (SimulatedDriver.Get("syncs"), SimulatedDriver.Get("replays"));
        machine.Advance(20);
        Assert.Equal(syncs, SimulatedDriver.Get("syncs"));

        // A step is two: what the variables are to become, and that they do.
        _ = machine.State;
        Assert.Equal(replays + 40, SimulatedDriver.Get("replays"));
    }

    [SimulatedFact]
    public void Reversed_blocks_and_threads_give_the_same_bits()
    {
        double[] Run()
        {
            using var device = Opened();
            using var machine = Machine(device);
            machine.Load(Start);
            machine.Advance(3);
            return [.. machine.State.Weights.Values.SelectMany(value => value.Span.ToArray())];
        }

        var forward = Run();
        SimulatedDriver.Set("SIM_ORDER", "reverse");
        try
        {
            Assert.Equal(forward, Run());
        }
        finally
        {
            SimulatedDriver.Set("SIM_ORDER", null);
        }
    }

    private static long[] Held() => [.. new[] { "live", "host", "modules", "streams", "graphs", "events" }.Select(SimulatedDriver.Get)];

    private static TrainState Start => InitialState.Of(GoldenRun.Paths[0].Recipe, Precision.Single, RandomKey.FromSeed(5));

    private static CudaStepMachine Machine(Device device) => new(device, GoldenRun.Paths[0].Recipe, GoldenRun.Train, GoldenRun.Test, CudaPrecision.Single);

    private static Device Opened()
    {
        SimulatedDriver.Use();
        return Device.TryOpen().Match(device => device, reason => throw new InvalidOperationException(reason));
    }
}
