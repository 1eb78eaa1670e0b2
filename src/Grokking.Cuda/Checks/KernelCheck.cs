using System.Collections.Immutable;
using Grokking.Cuda.Driver;
using Grokking.Cuda.Program;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Cuda.Checks;

/// <summary>How a kernel did.</summary>
/// <param name="Error">How far its result is from the definition in float64, by norm, relative to the result's.</param>
/// <param name="Repeats">Whether a second run, and a run in another place, gave the same bits.</param>
public readonly record struct KernelOutcome(double Error, bool Repeats);

/// <summary>How fast a kernel was.</summary>
/// <param name="Seconds">Of one run in one place, on the device's clock.</param>
/// <param name="Work">Multiply-adds of products, and otherwise elements that are read or written.</param>
public readonly record struct KernelSpeed(double Seconds, double Work);

/// <summary>A kernel at work on a formula of its own, beside the formula's definition.</summary>
public sealed class KernelCheck
{
    /// <summary>The length from which the formula's shapes are made where it is compared with its definition; it divides by no tile.</summary>
    private const int SmallScale = 71;

    private const string Result = "result";
    private const int CheckedPlaces = 2;

    private readonly CudaPrecision precision;
    private readonly Func<int, Expression> formula;

    internal KernelCheck(string kernel, string what, CudaPrecision precision, double tolerance, Func<int, Expression> formula) =>
        (Kernel, What, this.precision, Tolerance, this.formula) = (kernel, what, precision, tolerance, formula);

    /// <summary>The kernel's name.</summary>
    public string Kernel { get; }

    /// <summary>What it does here.</summary>
    public string What { get; }

    /// <summary>The error that is allowed.</summary>
    public double Tolerance { get; }

    /// <summary>Compares it with the definition, with itself run again, and with itself in another place.</summary>
    public KernelOutcome Run(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var output = formula(SmallScale);
        using var program = Program(device, output, CheckedPlaces, out var variables, out var indices);
        Dense Read(int place) => output.Shape.Count == 1 ? Dense.Own(output.Shape, [program.Number(place, Result)]) : program.Output(place, Result);
        program.Run();
        var (first, other) = (Read(0), Read(1));
        program.Run();
        var again = Read(0);
        var definition = Interpreter.Evaluate(output, variables, indices);
        return new(Norm(first - definition) / Norm(definition), Same(first, again) && Same(first, other));
    }

    /// <summary>Times it.</summary>
    /// <param name="device">The device.</param>
    /// <param name="scale">The length from which the formula's shapes are made, at least 1.</param>
    /// <param name="places">Runs side by side.</param>
    /// <param name="repetitions">Runs one after the other between the two looks at the clock.</param>
    public KernelSpeed Time(Device device, int scale, int places, int repetitions)
    {
        ArgumentNullException.ThrowIfNull(device);
        var output = formula(scale);
        using var program = Program(device, output, places, out _, out _);
        using var start = new StreamMark(device, timed: true);
        using var end = new StreamMark(device, timed: true);
        program.Run();
        var seconds = device.Do(() =>
        {
            start.Set(device.Stream);
            for (var i = 0; i < repetitions; i++)
            {
                program.Run();
            }

            end.Set(device.Stream);
            end.Wait();
            return end.SecondsSince(start);
        });
        return new(seconds / repetitions / places, Work.Of(Expression.InOrder(output)));
    }

    /// <summary>The kernels that a run launches, in order.</summary>
    internal ImmutableArray<string> Launched(Device device)
    {
        using var program = Program(device, formula(SmallScale), 1, out _, out _);
        return program.Kernels;
    }

    /// <summary>The formula as a program, with the same random numbers in every place.</summary>
    private CudaProgram Program(Device device, Expression output, int places, out Dictionary<string, Dense> variables, out Dictionary<string, ImmutableArray<int>> indices)
    {
        var nodes = Expression.InOrder(output);
        var key = RandomKey.FromSeed(1);
        variables = nodes.Select(node => node.Primitive).OfType<Variable>().DistinctBy(variable => variable.Label).ToDictionary(variable => variable.Label, variable => Draw(key.Split(variable.Label), variable.Shape));
        indices = nodes.Select(node => node.Primitive).Select(RowsOf).OfType<Indices.Named>().DistinctBy(rows => rows.Name).ToDictionary(rows => rows.Name, rows => Draw(key.Split(rows.Name), rows));
        var program = new CudaProgram(CudaProgram.PlanOf(new([(Result, output)], [], indices.Values.Select(values => values.Length).FirstOrDefault())), device, precision, places);
        for (var place = 0; place < places; place++)
        {
            foreach (var (name, value) in variables)
            {
                program.SetVariable(place, name, value);
            }

            foreach (var (name, values) in indices)
            {
                program.SetIndices(place, name, values.AsSpan());
            }
        }

        return program;
    }

    private static Indices? RowsOf(Primitive primitive) => primitive switch
    {
        Gather gather => gather.Rows,
        ScatterAdd scatter => scatter.Rows,
        OneHot oneHot => oneHot.Rows,
        Numbers numbers => numbers.Rows,
        _ => null,
    };

    /// <summary>float32 numbers from 0.5 to 1.5: in the domain of every primitive.</summary>
    private static Dense Draw(RandomKey key, Shape shape)
    {
        var values = new double[shape.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(0.5 + key.Uniform((ulong)i));
        }

        return Dense.Own(shape, values);
    }

    private static ImmutableArray<int> Draw(RandomKey key, Indices rows) => [.. Enumerable.Range(0, rows.Count).Select(i => key.Below(rows.Bound, (ulong)i))];

    private static bool Same(Dense a, Dense b) => a.Span.SequenceEqual(b.Span);

    private static double Norm(Dense x)
    {
        var sum = 0.0;
        foreach (var value in x.Span)
        {
            sum += value * value;
        }

        return Math.Sqrt(sum);
    }
}
