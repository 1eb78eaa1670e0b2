using System.Collections.Immutable;
using Grokking.Cuda;
using Grokking.Cuda.Program;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
using Grokking.Properties.Training;
using Grokking.Tensors.Primitives;
using Grokking.Training;

namespace Grokking.Properties.Cuda;

/// <summary>Where the rewrite rules of the quadratic network apply, and where they must not.</summary>
[Collection(SimulatedDriver.Turns)]
public sealed class FusionTests(SimulatedDevice simulated) : IClassFixture<SimulatedDevice>
{
    [SimulatedTheory]
    [InlineData(CudaPrecision.Single, PlanLaws.SingleBound)]
    [InlineData(CudaPrecision.Tf32, PlanLaws.Tf32Bound)]
    public void The_fused_step_is_the_step(CudaPrecision precision, double bound)
    {
        foreach (var (modulus, width, samples) in new[] { (5, 6, 16), (7, 33, 70), (13, 64, 150), (67, 40, 130) })
        {
            var any = Learners.Make(Subject.Quadratic, false, modulus, 2, width, samples, modulus);
            var computation = Engine.EngineLaws.Computation(any, any.Samples);
            using var fused = Program(any, computation, precision, fuses: true);
            using var plain = Program(any, computation, precision, fuses: false);
            Assert.Contains(fused.Kernels, kernel => kernel.StartsWith("quadratic_backward", StringComparison.Ordinal));
            Assert.DoesNotContain(plain.Kernels, kernel => kernel.StartsWith("quadratic", StringComparison.Ordinal));
            foreach (var place in new[] { 0, 1 })
            {
                var given = any.Given(x => Grokking.Tensors.Dense.Of(x.Shape, [.. x.Span.ToArray().Select(each => (double)(float)each)]));
                var definitions = Interpreter.Evaluate(computation.Roots, given, any.Values);
                foreach (var ((name, _), definition) in computation.Outputs.Zip(definitions))
                {
                    Nearness.Assert(definition, fused.Output(place, name), bound, 0, $"{name} of {any}, fused");
                    Nearness.Assert(plain.Output(place, name), fused.Output(place, name), 2 * bound, 0, $"{name} of {any}, fused beside plain");
                }
            }
        }
    }

    [Fact]
    public void The_quadratic_step_is_two_kernels_and_its_update_with_every_optimiser()
    {
        foreach (var path in GoldenRun.Paths)
        {
            foreach (var outputs in new[] { false, true })
            {
                var fused = Fused(Tracing.Step(path.Recipe, 2, GoldenRun.Modulus, GoldenRun.Train.Count), outputs);
                Assert.Single(fused.OfType<QuadraticForward>());
                Assert.Single(fused.OfType<QuadraticBackward>());
                Assert.DoesNotContain(fused, instruction => instruction is Application { Primitive: MatMul or ScatterAdd });
                Assert.Equal(outputs, fused.OfType<QuadraticForward>().Single() is { Logits: not null, Squares: not null });
            }
        }
    }

    [Fact]
    public void The_quadratic_evaluation_is_one_kernel_and_its_sums()
    {
        var fused = Fused(Tracing.Evaluation(GoldenRun.Paths[0].Recipe, 2, GoldenRun.Modulus, GoldenRun.Test.Count, gradients: false), outputs: true);
        Assert.Single(fused.OfType<QuadraticForward>(), forward => forward is { Residual: null, Logits: not null, Squares: not null });
        Assert.DoesNotContain(fused, instruction => instruction is Application { Primitive: MatMul } or QuadraticBackward);
    }

    [Fact]
    public void Other_losses_have_the_backward_kernel_alone()
    {
        var fused = Fused(Tracing.Step(Recipe(GoldenRun.Network, new Loss.CrossEntropy()), 2, GoldenRun.Modulus, 16), outputs: true);
        Assert.Single(fused.OfType<QuadraticBackward>());
        Assert.Empty(fused.OfType<QuadraticForward>());
    }

    [Fact]
    public void Other_networks_are_left_as_they_are()
    {
        foreach (var network in new INetwork[] { GoldenRun.Network with { Degree = 3 }, GoldenRun.Network with { Activation = Activation.Relu }, new QuadraticNetwork(5, 3, 6), new Engine.SmallAttention(5, 2, 4) })
        {
            var instructions = Instructions(CudaProgram.PlanOf(Tracing.Step(Recipe(network, new Loss.MeanSquaredError()), network is QuadraticNetwork { Operands: 3 } ? 3 : 2, 5, 16)), outputs: true, out var plan);
            Assert.Equal(instructions, QuadraticFusions.Of(instructions, plan));
        }
    }

    [Fact]
    public void A_hidden_layer_that_somebody_else_reads_stays()
    {
        var network = GoldenRun.Network;
        var weights = Tracing.Variables(network.Parameters);
        var batch = Batch.Named("", 16, 2, GoldenRun.Modulus);
        var loss = new Loss.MeanSquaredError().Of(network.Logits(weights, batch), batch.Labels);
        var seen = network.PreActivations(weights, batch);
        var instructions = Instructions(CudaProgram.PlanOf(new([("loss", loss), ("seen", Grokking.Tensors.Tensor.Total(seen))], [], 16)), outputs: true, out var plan);
        Assert.Equal(instructions, QuadraticFusions.Of(instructions, plan));
    }

    private CudaProgram Program(AnyLearner any, Computation computation, CudaPrecision precision, bool fuses)
    {
        var program = new CudaProgram(CudaProgram.PlanOf(computation), simulated.Device, precision, places: 2, fuses);
        foreach (var place in new[] { 0, 1 })
        {
            foreach (var (name, value) in any.Given(x => x))
            {
                program.SetVariable(place, name, value);
            }

            foreach (var (name, value) in any.Values)
            {
                program.SetIndices(place, name, value.AsSpan());
            }
        }

        program.Run();
        return program;
    }

    private static Recipe Recipe(INetwork network, Loss loss) => new(network, loss, new GradientDescent { LearningRate = 1 }, Grokking.Optimisers.Schedule.Constant, null);

    private static ImmutableArray<Instruction> Fused(Computation computation, bool outputs) =>
        QuadraticFusions.Of(Instructions(CudaProgram.PlanOf(computation), outputs, out var plan), plan);

    /// <summary>The first stage's instructions of a run.</summary>
    private static ImmutableArray<Instruction> Instructions(Plan planned, bool outputs, out Plan plan)
    {
        plan = planned;
        var stage = plan.Stages[0];
        return [.. stage.Once.SelectMany(round => round).Concat(stage.PerTile).Where(instruction => outputs || instruction.ForUpdates)];
    }
}
