using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Cuda;
using Grokking.Cuda.Program;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Engine.Cpu;
using Grokking.Properties.Arbitraries;
using Grokking.Properties.Engine;
using Grokking.Tensors;

namespace Grokking.Properties.Cuda;

/// <summary>The device computes what the definitions say: every primitive, every chain, every network, in both precisions.</summary>
[Collection(SimulatedDriver.Turns)]
[Properties(Arbitrary = [typeof(Applications), typeof(Chains), typeof(Learners)])]
public sealed class PlanLaws(SimulatedDevice simulated) : IClassFixture<SimulatedDevice>
{
    /// <summary>The bounds by norm of the two precisions.</summary>
    internal const double SingleBound = 1e-5;

    internal const double Tf32Bound = 2e-3;

    /// <summary>Values of networks and their inputs are of size one.</summary>
    private const double Floor = 0.02;

    [SimulatedProperty(MaxTest = 200)]
    public void Every_primitive_equals_its_definition_in_float32(AnyApplication any) => Primitive(any, CudaPrecision.Single, SingleBound);

    [SimulatedProperty(MaxTest = 60)]
    public void Every_primitive_equals_its_definition_in_tf32(AnyApplication any) => Primitive(any, CudaPrecision.Tf32, Tf32Bound);

    [SimulatedFact]
    public void Every_kind_of_application_equals_its_definition()
    {
        foreach (var kind in Applications.Kinds)
        {
            Primitive(kind(new Random(1), 17, 33, 3), CudaPrecision.Single, SingleBound);
        }
    }

    [SimulatedProperty(MaxTest = 150)]
    public void Chains_of_operations_that_are_rounded_once_have_the_bits_of_the_processor(AnyChain any)
    {
        if (any.Samples == any.AllSamples && any.Chain.Links.All(link => link.Primitive is null || Chains.Exact.Contains(link.Primitive)))
        {
            Assert.Equal(Ran(any, plan => new CpuProgram<float>(plan, new Workers(1))), Ran(any, plan => Program(plan, CudaPrecision.Single)));
        }
    }

    [SimulatedProperty(MaxTest = 40)]
    public void Losses_and_gradients_equal_the_definition_in_float32(AnyLearner any) => Learner(any, CudaPrecision.Single, SingleBound);

    [SimulatedProperty(MaxTest = 15)]
    public void Losses_and_gradients_equal_the_definition_in_tf32(AnyLearner any) => Learner(any, CudaPrecision.Tf32, Tf32Bound);

    [SimulatedTheory]
    [InlineData(Subject.Quadratic)]
    [InlineData(Subject.Perceptron)]
    [InlineData(Subject.Recurrent)]
    [InlineData(Subject.Attention)]
    [InlineData(Subject.Transformer)]
    [InlineData(Subject.Normalised)]
    public void Every_subject_equals_the_definition(Subject subject) => Learner(Learners.Make(subject, true, 7, 2, 16, 65, 3), CudaPrecision.Single, SingleBound);

    [SimulatedFact]
    public void More_pairs_of_matrices_than_a_grid_can_count_are_multiplied() =>
        Primitive(new(new Grokking.Tensors.Primitives.MatMul(false, true), [Applications.Uniform(new(1), Shape.Of(70_000, 2, 3), -1, 1), Applications.Uniform(new(2), Shape.Of(70_000, 1, 3), -1, 1)]), CudaPrecision.Single, SingleBound);

    [SimulatedFact]
    public void A_plan_for_the_device_has_one_tile_and_one_shard()
    {
        var any = Learners.Make(Subject.Quadratic, true, 7, 2, 16, 290, 3);
        var tiling = CudaProgram.PlanOf(EngineLaws.Computation(any, any.Samples)).Tiling;
        Assert.Equal((290, 290, 1), (tiling.Samples, tiling.TileSamples, tiling.Shards));
    }

    internal CudaExecutable Program(Plan plan, CudaPrecision precision) => new(new(plan, simulated.Device, precision, places: 1));

    private void Primitive(AnyApplication any, CudaPrecision precision, double bound)
    {
        var inputs = any.Inputs.Select(input => Dense.Of(input.Shape, [.. input.Span.ToArray().Select(x => (double)(float)x)])).ToImmutableArray();
        var variables = inputs.Select((input, i) => Expression.Variable($"v{i}", input.Shape)).ToImmutableArray();
        using var program = Program(CudaProgram.PlanOf(new([("y", Expression.Apply(any.Primitive, variables))], [], 0)), precision);
        for (var i = 0; i < inputs.Length; i++)
        {
            program.SetVariable($"v{i}", inputs[i]);
        }

        program.Run();
        Nearness.Assert(Dense.Apply(any.Primitive, inputs), program.Output("y"), bound, Floor, any.ToString());
    }

    private void Learner(AnyLearner any, CudaPrecision precision, double bound)
    {
        // Weights are rounded first, so that only the device's own error is measured.
        var given = any.Given(x => Dense.Of(x.Shape, [.. x.Span.ToArray().Select(each => (double)(float)each)]));
        var computation = EngineLaws.Computation(any, any.Samples);
        var expected = Interpreter.Evaluate(computation.Roots, given, any.Values);
        using var program = Program(CudaProgram.PlanOf(computation), precision);
        foreach (var (name, value) in given)
        {
            program.SetVariable(name, value);
        }

        foreach (var (name, value) in any.Values)
        {
            program.Offer(name, value.AsSpan());
        }

        program.Run();
        foreach (var (name, definition) in computation.Outputs.Select(output => output.Name).Zip(expected))
        {
            Nearness.Assert(definition, program.Output(name), bound, Floor, $"{name} of {any}");
        }
    }

    /// <summary>All memory after a chain, by bits; which NaN it is does not count.</summary>
    private static uint[] Ran(AnyChain any, Func<Plan, Executable> compile)
    {
        var memory = new Operand(Region.Whole, 0, Shape.Of(any.Memory.Length), [1], 0);
        var plan = new Plan(
            [new([[any.Chain with { PerSample = 0 }]], [], [])],
            ImmutableDictionary<string, Operand>.Empty.Add("memory", memory),
            ImmutableDictionary<string, Indices.Named>.Empty,
            [],
            [],
            ImmutableDictionary<string, Operand>.Empty.Add("memory", memory),
            [],
            Enum.GetValues<Region>().ToImmutableDictionary(region => region, region => region == Region.Whole ? any.Memory.Length : 0),
            Tiling.None);
        using var program = compile(plan);
        program.SetVariable("memory", Dense.Of(memory.Shape, [.. any.Memory.Select(x => (double)(float)x)]));
        program.Run();
        return [.. program.Output("memory").Span.ToArray().Select(x => double.IsNaN(x) ? uint.MaxValue : BitConverter.SingleToUInt32Bits((float)x))];
    }
}
