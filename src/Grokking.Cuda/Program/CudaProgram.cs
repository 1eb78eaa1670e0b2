using System.Collections.Immutable;
using Grokking.Cuda.Driver;
using Grokking.Cuda.Kernels;
using Grokking.Engine;
using Grokking.Randomness;
using Grokking.Tensors;

namespace Grokking.Cuda.Program;

/// <summary>
/// A plan on the device, for several places at once: in each place an independent run of the plan, with its own variables, numbers, keys and indices. What a run, an update or a commit
/// does is recorded once and replayed; nothing waits for the device but reading. A place's bits do not depend on the others.
/// </summary>
internal sealed class CudaProgram : IDisposable
{
    /// <summary>Counts the changes of this room after which the same step, with the same kernels, gives other bits.</summary>
    private const int Revision = 1;

    private readonly Plan plan;
    private readonly Device device;
    private readonly CudaPrecision precision;
    private readonly Constants constants;
    private readonly Inputs inputs;
    private readonly ProgramMemory memory;
    private readonly Instructions instructions;
    private readonly Mirror active;
    private readonly int[] list;
    private readonly OutputNumbers numbers;
    private readonly Dictionary<(CudaProgram From, string Name), Launch> copies = [];
    private readonly Lazy<Graph> run;
    private readonly Lazy<Graph> runUpdates;
    private readonly Lazy<Graph> commit;
    private readonly Stack<IDisposable> owned = [];
    private bool isDisposed;

    /// <summary>Makes a plan ready to run.</summary>
    /// <param name="plan">What to run, planned by <see cref="PlanOf"/>.</param>
    /// <param name="device">Where.</param>
    /// <param name="precision">The arithmetic of products.</param>
    /// <param name="places">How many independent runs, at least 1.</param>
    /// <param name="fuses">Whether instructions that one kernel can do are left to it; the results differ by rounding.</param>
    /// <exception cref="CudaException">The device has too little memory.</exception>
    internal CudaProgram(Plan plan, Device device, CudaPrecision precision, int places, bool fuses = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(places, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(places, MostPlaces);
        (this.plan, this.device, this.precision, Places) = (plan, device, precision, places);
        run = Recorded(RunLaunches);
        runUpdates = Recorded(() => instructions!.Of(plan, outputs: false));
        commit = Recorded(Commits);
        list = new int[places];
        try
        {
            constants = Owned(new Constants(device));
            inputs = Owned(new Inputs(device, plan, constants, places));
            memory = Owned(new ProgramMemory(device, plan, inputs, places));
            active = Owned(new Mirror(device, places, 1));
            numbers = Owned(new OutputNumbers(device, constants, [.. plan.Outputs.Where(output => output.Value.Shape.Count == 1).Select(output => (output.Key, memory.At(output.Value)))], places));
            instructions = new(device, precision, constants, inputs, memory, fuses);
            foreach (var preset in plan.Presets)
            {
                for (var place = 0; place < places; place++)
                {
                    Write(place, preset.Target, preset.Value);
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        SetActive([.. Enumerable.Range(0, places)]);
    }

    /// <summary>The most that a grid's third axis has.</summary>
    internal static int MostPlaces => 65535;

    /// <summary>How many independent runs there are.</summary>
    internal int Places { get; }

    /// <summary>What the bits of a result depend on.</summary>
    internal string Profile => ProfileOf(device, precision);

    /// <summary>The kernels that a run launches, in order.</summary>
    internal ImmutableArray<string> Kernels => device.Do(() => RunLaunches().Select(launch => launch.Kernel).ToImmutableArray());

    /// <summary>What the bits of a result depend on, for all programs of a precision.</summary>
    internal static string ProfileOf(Device device, CudaPrecision precision) =>
        $"cuda {(precision == CudaPrecision.Tf32 ? "tf32" : "float32")} sm{device.Capability.Major}{device.Capability.Minor} {device.Name} kernels{KernelText.Hash} revision{Revision}";

    /// <summary>The plan of a computation as the device runs it: all samples at once, and rows added up by a kernel of their own.</summary>
    internal static Plan PlanOf(Computation computation) => Planner.Plan(computation, Fusions.Gather, Division.Undivided);

    /// <summary>The places that take part from now on.</summary>
    /// <param name="places">Some of them, each once.</param>
    internal void SetActive(IReadOnlyList<int> places)
    {
        for (var i = 0; i < Places; i++)
        {
            list[i] = i < places.Count ? places[i] : -1;
        }

        active.Set(0, 0, list);
    }

    internal bool Reads(string name) => plan.Indices.ContainsKey(name) || plan.Variables.ContainsKey(name);

    internal IReadOnlySet<string> Draws => plan.Draws;

    internal void SetVariable(int place, string name, Dense value)
    {
        var operand = plan.Variables[name];
        if (!operand.Shape.Equals(value.Shape))
        {
            throw new ArgumentException($"The variable '{name}' has shape {operand.Shape}, not {value.Shape}.");
        }

        if (inputs.IsNumber(name))
        {
            inputs.SetNumber(place, name, value.Span[0]);
        }
        else
        {
            Write(place, operand, value);
        }
    }

    internal void SetNumber(int place, string name, double value)
    {
        var operand = plan.Variables[name];
        if (operand.Shape.Count != 1)
        {
            throw new ArgumentException($"The variable '{name}' has shape {operand.Shape} and is not a single number.");
        }

        SetVariable(place, name, Dense.Own(operand.Shape, [value]));
    }

    internal void SetIndices(int place, string name, ReadOnlySpan<int> values) => inputs.SetIndices(place, name, values);

    internal void SetKey(int place, string name, RandomKey key)
    {
        if (!plan.Draws.Contains(name))
        {
            throw new KeyNotFoundException($"The computation has no draws '{name}'.");
        }

        inputs.SetKey(place, name, key);
    }

    /// <summary>Gives all active places the variable's values of another program's places, in stream order.</summary>
    internal void CopyVariable(string name, CudaProgram from) => device.Do(() =>
    {
        if (inputs.IsNumber(name))
        {
            // What the host gives, it knows.
            for (var place = 0; place < Places; place++)
            {
                SetNumber(place, name, from.Variable(place, name).Span[0]);
            }

            return;
        }

        inputs.Upload(device.Staging);
        from.inputs.Upload(device.Staging);
        active.Upload(device.Staging);
        var copy = copies.TryGetValue((from, name), out var known) ? known : copies[(from, name)] = CopyOf(name, from);
        copy.Enqueue(device, active.At(0).Address, Places);
    });

    /// <summary>Computes all outputs and what the variables are to become, in the active places.</summary>
    internal void Run()
    {
        Replay(run);
        numbers.Forget();
    }

    /// <summary>Computes what the variables are to become, in the active places.</summary>
    internal void RunUpdates() => Replay(runUpdates);

    /// <summary>Gives the active places' variables what the last run computed for them.</summary>
    internal void Commit() => Replay(commit);

    /// <summary>A copy of a place's output.</summary>
    internal Dense Output(int place, string name) => Read(place, plan.Outputs[name]);

    /// <summary>A copy of a place's variable.</summary>
    internal Dense Variable(int place, string name)
    {
        device.Do(() => inputs.Upload(device.Staging));
        return Read(place, plan.Variables[name]);
    }

    /// <summary>A place's output that is a single number: the first that is asked for after a run brings all of all places.</summary>
    internal double Number(int place, string name)
    {
        var operand = plan.Outputs[name];
        return operand.Shape.Count == 1
            ? numbers.Read(place, name)
            : throw new ArgumentException($"The output '{name}' has shape {operand.Shape} and is not a single number.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        // Graphs hold addresses: they go before the memory.
        isDisposed = true;
        foreach (var graph in new[] { run, runUpdates, commit }.Where(graph => graph.IsValueCreated))
        {
            graph.Value.Dispose();
        }

        while (owned.TryPop(out var part))
        {
            part.Dispose();
        }
    }

    /// <summary>Something that is given back with the program, also where only a part of it could be made.</summary>
    private T Owned<T>(T part)
        where T : IDisposable
    {
        owned.Push(part);
        return part;
    }

    private ImmutableArray<Launch> RunLaunches() => [.. instructions.Of(plan, outputs: true), .. numbers.Recording];

    private Lazy<Graph> Recorded(Func<ImmutableArray<Launch>> launches) => new(() =>
    {
        var ready = launches();
        return new(device, () =>
        {
            foreach (var launch in ready)
            {
                launch.Enqueue(device, active.At(0).Address, Places);
            }
        });
    });

    private void Replay(Lazy<Graph> graph) => device.Do(() =>
    {
        var ready = graph.Value;
        active.Upload(device.Staging);
        inputs.Upload(device.Staging);
        ready.Launch();
    });

    /// <summary>What is next becomes present: by copies, so that places which do not take part stay as they are.</summary>
    private ImmutableArray<Launch> Commits()
    {
        var state = plan.Sizes[Region.Present];
        var whole = new Operand(Region.Present, 0, Shape.Of(state), [1], 0);
        return
        [
            .. plan.Updates.Where(update => update.To.Region == Region.Whole && update.From != update.To && update.To.Shape.Count > 0)
                .Select(update => instructions.Chains.CopyRow(memory.At(update.From), memory.At(update.To), update.To.Shape.Count)),
            .. state == 0 ? [] : new[] { instructions.Chains.CopyRow(memory.At(whole with { Region = Region.Next }), memory.At(whole), state) },
        ];
    }

    private Launch CopyOf(string name, CudaProgram from)
    {
        var (ours, theirs) = (plan.Variables[name], from.plan.Variables[name]);
        if (!ours.Shape.Equals(theirs.Shape) || from.Places != Places || !ReferenceEquals(from.device, device))
        {
            throw new ArgumentException($"The variable '{name}' can be copied only between programs of one device, with as many places, and of one shape.");
        }

        View View(Memory memory, Operand operand) => new() { Memory = memory, Steps = AxisNumbers.Of(operand.Strides.AsSpan(), 0) };
        return instructions.Chains.Copy(View(from.memory.At(theirs), theirs), View(memory.At(ours), ours), ours.Shape.Lengths.AsSpan());
    }

    /// <summary>Writes a value, rounded to float32: rows one after the other, or a matrix kept transposed.</summary>
    private void Write(int place, Operand operand, Dense value)
    {
        var singles = new float[value.Shape.Count];
        for (var i = 0; i < singles.Length; i++)
        {
            singles[Order(operand, i)] = (float)value.Span[i];
        }

        device.Staging.Upload<float>(memory.At(operand, place), singles);
    }

    private Dense Read(int place, Operand operand)
    {
        var singles = new float[operand.Shape.Count];
        device.Download<float>(memory.At(operand, place), singles);
        var values = new double[singles.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = singles[Order(operand, i)];
        }

        return Dense.Own(operand.Shape, values);
    }

    /// <summary>Where the element of a row-major number lies.</summary>
    private static int Order(Operand operand, int i)
    {
        if (operand.Shape.Rank != 2)
        {
            return i;
        }

        var (row, column) = Math.DivRem(i, operand.Shape[1]);
        return (row * operand.Strides[0]) + (column * operand.Strides[1]);
    }
}
