using System.Collections.Immutable;
using System.Numerics;
using FsCheck.Xunit;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Engine.Cpu;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Properties.Training;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Engine;

/// <summary>The engine computes what the definitions say, in every layout, with the same bits on any number of threads.</summary>
[Properties(Arbitrary = [typeof(Applications), typeof(Learners)])]
public class EngineLaws
{
    /// <summary>Sums here have at most 325 terms of size at most 4; each rounding errs by half a unit of the precision.</summary>
    private const double SingleBound = 2e-5;

    internal const double DoubleBound = 1e-12;

    /// <summary>A few hundred roundings between weights and a gradient entry; network values are of size one.</summary>
    private const double NetworkSingleBound = 2e-4;

    internal const double NetworkDoubleBound = 1e-11;

    [Property(MaxTest = 300)]
    public void Every_primitive_equals_its_definition_in_float64(AnyApplication any) => Primitive<double>(any, DoubleBound);

    [Property(MaxTest = 300)]
    public void Every_primitive_equals_its_definition_in_float32(AnyApplication any) => Primitive<float>(any, SingleBound);

    [Property(MaxTest = 60)]
    public void Losses_and_gradients_equal_the_definition_in_float64(AnyLearner any) => Learner<double>(any, NetworkDoubleBound);

    [Property(MaxTest = 60)]
    public void Losses_and_gradients_equal_the_definition_in_float32(AnyLearner any) => Learner<float>(any, NetworkSingleBound);

    [Property(MaxTest = 30)]
    public void Any_number_of_threads_gives_the_same_bits(AnyLearner any)
    {
        var first = Run<float>(any, any.Samples, 1);
        foreach (var threads in new[] { 2, 3, 5 })
        {
            AssertSame(first, Run<float>(any, any.Samples, threads));
        }
    }

    [Property(MaxTest = 30)]
    public void Tiles_and_shards_change_only_the_rounding(AnyLearner any)
    {
        var whole = Run<double>(any, 0, 1);
        var tiled = Run<double>(any, any.Samples, 2);
        foreach (var (a, b) in whole.Zip(tiled))
        {
            AssertClose(a, b, NetworkDoubleBound);
        }
    }

    [Property(MaxTest = 40)]
    public void Each_fusion_leaves_every_bit(AnyLearner any)
    {
        var plain = Run<float>(any, any.Samples, 1, Fusions.None);
        AssertSame(plain, Run<float>(any, any.Samples, 1, Fusions.Gather));
        AssertSame(plain, Run<float>(any, any.Samples, 1, Fusions.ScatterAdd));
        AssertSame(plain, Run<float>(any, any.Samples, 2, Fusions.All));
    }

    /// <summary>The two-layer network's activations, and another degree.</summary>
    public static TheoryData<Activation, int> TwoLayerNetworks
    {
        get
        {
            var data = new TheoryData<Activation, int> { { Activation.Monomial, 3 } };
            Array.ForEach(Enum.GetValues<Activation>(), activation => data.Add(activation, 2));
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(TwoLayerNetworks))]
    public void The_two_layer_step_needs_no_gather_no_target_matrix_and_no_scatter_of_its_own(Activation activation, int degree)
    {
        var any = TwoLayer(activation, degree, false);
        string[] Applied(Fusions fusions) =>
            [.. Planner.Plan(Computation(any, any.Samples), fusions).Stages
                .SelectMany(stage => stage.PerTile.Concat(stage.Once.SelectMany(round => round).Where(instruction => instruction is Application { Primitive: Grokking.Tensors.Primitives.MatMul })))
                .OfType<Application>().Select(application => application.Primitive.Name).Order()];
        Assert.Equal(["Gather", "Gather", "Gather", "MatMulNN", "MatMulNT", "MatMulTN", "ScatterAdd", "ScatterAdd", "Sum"], Applied(Fusions.None));
        Assert.Equal(["MatMulNN", "MatMulNT", "MatMulTN", "Sum"], Applied(Fusions.All));
    }

    [Fact]
    public void The_gradient_of_cross_entropy_is_softmax_less_the_target()
    {
        // Largest logit, sum of its exponentials, loss: the gradient adds no reduction of its own but those over samples.
        var any = Learners.Make(Subject.Quadratic, true, 7, 2, 16, 290, 3);
        var sums = Planner.Plan(Computation(any, any.Samples)).Stages.SelectMany(stage => stage.PerTile).OfType<Application>()
            .Select(application => application.Primitive).Where(primitive => primitive is Grokking.Tensors.Primitives.Sum or Grokking.Tensors.Primitives.Max);
        Assert.Equal(3, sums.Count());
    }

    [Theory]
    [InlineData(Subject.Quadratic, 1)]
    [InlineData(Subject.Perceptron, 1)]
    [InlineData(Subject.Recurrent, 1)]
    [InlineData(Subject.Attention, 1)]
    [InlineData(Subject.Transformer, 1)]
    [InlineData(Subject.Normalised, 5)] // mean, variance, loss; then backwards through variance and mean
    public void Every_network_is_worked_off_in_shards(Subject subject, int passes) =>
        AssertShards(Learners.Make(subject, true, 7, 2, 16, 290, 3), passes);

    [Theory]
    [MemberData(nameof(TwoLayerNetworks))]
    public void Every_activation_is_worked_off_in_shards(Activation activation, int degree) => AssertShards(TwoLayer(activation, degree, true), 1);

    [Fact]
    public void Shards_of_many_tiles_equal_the_definition()
    {
        var any = Learners.Make(Subject.Quadratic, false, 11, 2, 512, 2000, 5);
        Assert.True(Planner.Plan(Computation(any, any.Samples)).Tiling.TileSamples < 2000 / 8);
        Learner<float>(any, NetworkSingleBound);
        Learner<double>(any, NetworkDoubleBound);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_run_allocates_nothing(int threads)
    {
        var any = Learners.Make(Subject.Perceptron, true, 7, 2, 16, 290, 3);
        using var workers = new Workers(threads);
        using var program = Ready<float>(any, any.Samples, workers);
        for (var i = 0; i < 5; i++)
        {
            program.Run();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            program.Run();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void No_optimiser_turns_a_matrix_that_could_be_kept_turned()
    {
        foreach (var path in GoldenRun.Paths)
        {
            var plan = Planner.Plan(Tracing.Step(path.Recipe, 2, GoldenRun.Train.Modulus, GoldenRun.Train.Count));
            Assert.DoesNotContain(plan.Stages.SelectMany(stage => stage.Once.SelectMany(round => round).Concat(stage.PerTile)), instruction => instruction is Application { Primitive: Grokking.Tensors.Primitives.Transpose });
            Assert.False(plan.Variables["w1"].Strides.SequenceEqual(plan.Variables["w1"].Shape.Strides()));
        }
    }

    [Fact]
    public void A_matrix_kept_transposed_is_given_copied_and_read_as_it_is()
    {
        // Rows of the transpose are looked up in the first; the second reads the matrix as it stands.
        var (rows, x) = (Indices.Input("row", 4, 3), Expression.Variable("x", Shape.Of(2, 3)));
        var value = Dense.Build(x.Shape, at => (10 * at[0]) + at[1]);
        using var workers = new Workers(1);
        using var turned = new CpuProgram<float>(Planner.Plan(new([("y", Tensor.Gather(Tensor.Transpose(x), rows))], [], 0)), workers);
        using var plain = new CpuProgram<float>(Planner.Plan(new([("y", x * x)], [], 0)), workers);
        Assert.Equal([1, 2], turned.Plan.Variables["x"].Strides.ToArray());
        turned.SetVariable("x", value);
        turned.SetIndices("row", [2, 0, 1, 2]);
        turned.Run();
        Assert.Equal([2, 12, 0, 10, 1, 11, 2, 12], turned.Output("y").Span.ToArray());
        Assert.Equal(value.Span.ToArray(), turned.Variable("x").Span.ToArray());
        plain.CopyVariable("x", turned);
        Assert.Equal(value.Span.ToArray(), plain.Variable("x").Span.ToArray());
        plain.SetVariable("x", value * value);
        turned.CopyVariable("x", plain);
        Assert.Equal((value * value).Span.ToArray(), turned.Variable("x").Span.ToArray());
    }

    [Fact]
    public void Updates_that_would_read_each_other_are_refused()
    {
        var (a, b) = (Expression.Variable("a", Shape.Of(3)), Expression.Variable("b", Shape.Of(3)));
        Assert.Throws<ArgumentException>(() => Planner.Plan(new([], [("a", b), ("b", a)], 0)));
        Assert.Equal(2, Planner.Plan(new([], [("a", a), ("b", a + b)], 0)).Updates.Length);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(513)]
    public void Targets_of_many_classes_are_written_out_and_those_of_few_looked_up(int classes)
    {
        // Up to 512 classes one-hot rows come from the identity matrix, above from a kernel of their own; in tiles and as a whole.
        var labels = Indices.Input("label", 100, classes);
        ImmutableArray<int> values = [.. Enumerable.Range(0, 100).Select(i => i * 37 % classes)];
        var x = Expression.Variable("x", Shape.Of(1, classes));
        var scores = Tensor.OneHot<Expression>(labels) * x;
        var given = new Dictionary<string, Dense> { ["x"] = Dense.Build(Shape.Of(1, classes), at => at[1] + 1) };
        var expected = Interpreter.Evaluate(scores, given, new Dictionary<string, ImmutableArray<int>> { ["label"] = values });
        foreach (var samples in new[] { 0, 100 })
        {
            using var workers = new Workers(2);
            using var program = new CpuProgram<float>(Planner.Plan(new([("y", scores), ("target", Tensor.OneHot<Expression>(labels))], [], samples)), workers);
            program.SetVariable("x", given["x"]);
            program.SetIndices("label", values.AsSpan());
            program.Run();
            AssertClose(expected, program.Output("y"), 0);
            Assert.Equal(100, program.Output("target").Span.ToArray().Sum());
        }
    }

    [Fact]
    public void Not_a_number_and_infinity_pass_through()
    {
        var x = Dense.Of(Shape.Of(4), [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0]);
        var any = new AnyApplication(new Grokking.Tensors.Primitives.Negate(), [x]);
        Primitive<float>(any, 0);
        Primitive<double>(new(new Grokking.Tensors.Primitives.Maximum(), [x, Tensor.Fill<Dense>(x.Shape, 1)]), 0);

        // In the lanes of the first vector, of a later one, and in the rest; the largest number stands elsewhere.
        foreach (var place in new[] { 2, 21, 39 })
        {
            var row = Dense.Build(Shape.Of(1, 40), at => at[1] == place ? double.NaN : at[1] == 30 ? 99 : at[1]);
            Assert.Equal(place, Tensor.ArgMax(row).Span[0]);
            Primitive<float>(new(new Grokking.Tensors.Primitives.ArgMax(), [row]), 0);
            Primitive<double>(new(new Grokking.Tensors.Primitives.Max(), [row]), 0);
        }
    }

    private static void Primitive<T>(AnyApplication any, double bound)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Inputs are rounded first, so that only the operation's own error is measured.
        var inputs = any.Inputs.Select(input => Dense.Build(input.Shape, at => double.CreateSaturating(T.CreateSaturating(At(input, at))))).ToImmutableArray();
        var expected = Dense.Apply(any.Primitive, inputs);
        var variables = inputs.Select((input, i) => Expression.Variable($"v{i}", input.Shape)).ToImmutableArray();
        using var workers = new Workers(1);
        using var program = new CpuProgram<T>(Planner.Plan(new([("y", Expression.Apply(any.Primitive, variables))], [], 0)), workers);
        for (var i = 0; i < inputs.Length; i++)
        {
            program.SetVariable($"v{i}", inputs[i]);
        }

        program.Run();
        AssertClose(expected, program.Output("y"), bound);
    }

    private static double At(Dense x, int[] position) => x.Span[position.Select((place, axis) => place * x.Shape.Strides()[axis]).Sum()];

    private static void Learner<T>(AnyLearner any, double bound)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var expected = Interpreter.Evaluate(Computation(any, 0).Roots, any.Given(x => x), any.Values);
        foreach (var (definition, actual) in expected.Zip(Run<T>(any, any.Samples, 2)))
        {
            AssertClose(definition, actual, bound);
        }
    }

    private static void AssertShards(AnyLearner any, int passes)
    {
        var plan = Planner.Plan(Computation(any, any.Samples));
        Assert.Equal((290, 8), (plan.Tiling.Samples, plan.Tiling.Shards));
        Assert.Equal(passes, plan.Stages.Count(stage => stage.PerTile.Length > 0));
    }

    private static AnyLearner TwoLayer(Activation activation, int degree, bool crossEntropy) =>
        Learners.Of(new QuadraticNetwork(7, 2, 16) { Activation = activation, Degree = degree }, crossEntropy, 7, 2, 290, 3);

    internal static Computation Computation(AnyLearner any, int samples)
    {
        var (variables, loss, logits) = any.Trace();
        var gradients = Reverse.Gradient(loss, variables.Values);
        return new([("loss", loss), ("logits", logits), .. variables.Names.Select(Gradient).Zip(gradients)], [], samples);
    }

    /// <summary>The root of a weight's gradient; whatever the weight is called, no other root is called so.</summary>
    private static string Gradient(string weight) => $"gradient of {weight}";

    private static CpuProgram<T> Ready<T>(AnyLearner any, int samples, Workers workers, Fusions fusions = Fusions.All)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var program = new CpuProgram<T>(Planner.Plan(Computation(any, samples), fusions), workers);
        foreach (var (name, value) in any.Given(x => x))
        {
            program.SetVariable(name, value);
        }

        foreach (var (name, value) in any.Values)
        {
            program.Offer(name, value.AsSpan());
        }

        return program;
    }

    private static ImmutableArray<Dense> Run<T>(AnyLearner any, int samples, int threads, Fusions fusions = Fusions.All)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var workers = new Workers(threads);
        using var program = Ready<T>(any, samples, workers, fusions);
        program.Run();
        return [program.Output("loss"), program.Output("logits"), .. any.Weights.Names.Select(Gradient).Select(program.Output)];
    }

    private static void AssertSame(ImmutableArray<Dense> expected, ImmutableArray<Dense> actual)
    {
        foreach (var (a, b) in expected.Zip(actual))
        {
            Assert.Equal(a.Span.ToArray().Select(BitConverter.DoubleToInt64Bits), b.Span.ToArray().Select(BitConverter.DoubleToInt64Bits));
        }
    }

    internal static void AssertClose(Dense expected, Dense actual, double bound)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var scale = 1 + expected.Span.ToArray().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var i = 0; i < expected.Shape.Count; i++)
        {
            var same = expected.Span[i].Equals(actual.Span[i]) || Math.Abs(expected.Span[i] - actual.Span[i]) <= bound * scale;
            Assert.True(same, $"element {i} of {expected.Shape}: {actual.Span[i]:R}, by definition {expected.Span[i]:R}");
        }
    }
}
