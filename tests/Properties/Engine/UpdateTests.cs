using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Engine.Cpu;
using Grokking.Properties.Training;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Engine;

/// <summary>Whatever a variable becomes, it is so from the commit on and not before.</summary>
public class UpdateTests
{
    private const int Samples = 40;

    [Fact]
    public void Variables_become_what_was_computed_when_it_is_committed()
    {
        // Computed for the variable alone; an output as well; a view of an output; a sum over samples; itself; a view of what another one becomes.
        var shape = Shape.Of(3);
        var (alone, shown, seen, summed, same, other) = (Of("alone"), Of("shown"), Of("seen"), Of("summed"), Of("same"), Of("other"));
        var turned = Expression.Variable("turned", Shape.Of(1, 3));
        var becomes = alone + other + summed + Tensor.Reshape(turned, shape);
        Expression Of(string name) => Expression.Variable(name, shape);
        var doubled = shown + shown;
        var flat = seen * alone;
        var rows = Tensor.Sum(Tensor.BroadcastTo(Tensor.Reshape(Tensor.Numbers<Expression>(Indices.Input("row", Samples, 5)), Shape.Of(Samples, 1)), Shape.Of(Samples, 3)), Axes.Of(0));
        var computation = new Computation(
            [("doubled", doubled), ("flat", Tensor.Reshape(flat, Shape.Of(1, 3)))],
            [("alone", becomes), ("shown", doubled), ("seen", flat), ("summed", Tensor.Reshape(rows, shape)), ("same", same), ("turned", Tensor.Reshape(becomes, turned.Shape))],
            Samples);
        var values = computation.Updates.Select(update => update.Variable).Append("other").ToDictionary(name => name, name => Dense.Build(name == "turned" ? turned.Shape : shape, at => name.Length + at[^1]));
        var row = Enumerable.Range(0, Samples).Select(i => i % 5).ToArray();
        using var workers = new Workers(2);
        using var program = new CpuProgram<double>(Planner.Plan(computation), workers);
        foreach (var (name, value) in values)
        {
            program.Offer("row", row);
            program.SetVariable(name, value);
        }

        for (var step = 0; step < 3; step++)
        {
            program.Run();
            Assert.All(computation.Updates, update => Assert.Equal(values[update.Variable].Span.ToArray(), program.Variable(update.Variable).Span.ToArray()));
            var roots = Interpreter.Evaluate(computation.Roots, values, new Dictionary<string, ImmutableArray<int>> { ["row"] = [.. row] });
            program.Commit();
            foreach (var (i, (name, _)) in computation.Updates.Index())
            {
                values[name] = roots[2 + i];
                Assert.Equal(values[name].Span.ToArray(), program.Variable(name).Span.ToArray());
            }

            Assert.Equal(roots[0].Span.ToArray(), program.Output("doubled").Span.ToArray());
            Assert.Equal(roots[1].Span.ToArray(), program.Output("flat").Span.ToArray());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_program_goes_on_where_another_one_stands(bool hasOtherPlaces)
    {
        // Both count up; the second may have its variables elsewhere, or one of them in no area that can be exchanged.
        var shape = Shape.Of(5);
        var (count, first, constant) = (Expression.Variable("count", shape), Expression.Variable("first", Shape.Of(70)), Expression.Variable("constant", shape));
        Computation Counting(bool begins) => new(
            [("constant", constant)],
            begins ? [("first", first + first), ("count", count + constant)] : [("count", count + constant), ("first", first + first)],
            0);
        using var workers = new Workers(1);
        using var one = new CpuProgram<float>(Planner.Plan(Counting(begins: false)), workers);
        using var other = new CpuProgram<float>(Planner.Plan(Counting(hasOtherPlaces)), workers);
        one.SetVariable("count", Tensor.Fill<Dense>(shape, 0));
        one.SetVariable("first", Tensor.Fill<Dense>(first.Shape, 1));
        one.SetVariable("constant", Tensor.Fill<Dense>(shape, 3));
        var (program, next) = (one, other);
        for (var step = 1; step <= 6; step++)
        {
            program.Run();
            program.Commit();
            next.TakeOver(["count", "first", "constant"], program);
            (program, next) = (next, program);
            Assert.Equal(Enumerable.Repeat(3.0 * step, 5), program.Variable("count").Span.ToArray());
            Assert.Equal(Enumerable.Repeat(Math.Pow(2, step), 70), program.Variable("first").Span.ToArray());
            Assert.Equal(Enumerable.Repeat(3.0, 5), program.Variable("constant").Span.ToArray());
        }
    }

    [Fact]
    public void Instructions_of_one_round_need_nothing_of_each_other()
    {
        foreach (var path in GoldenRun.Paths)
        {
            foreach (var round in Planner.Plan(Tracing.Step(path.Recipe, 2, GoldenRun.Train.Modulus, GoldenRun.Train.Count)).Stages.SelectMany(stage => stage.Once))
            {
                foreach (var instruction in round)
                {
                    var others = round.Where(other => !ReferenceEquals(other, instruction)).SelectMany(Written).ToArray();
                    Assert.DoesNotContain(Read(instruction), operand => others.Any(written => written.Region == operand.Region && written.Offset == operand.Offset));
                }
            }
        }
    }

    private static IEnumerable<Operand> Written(Instruction instruction) => instruction switch
    {
        Application application => [application.Output],
        Chain chain => chain.Links.Select(link => link.Store).OfType<Operand>(),
        _ => [],
    };

    private static IEnumerable<Operand> Read(Instruction instruction) => instruction switch
    {
        Application application => application.Inputs,
        Chain chain => chain.Links.SelectMany(link => link.Sources).OfType<Source.Memory>().Select(memory => memory.Operand),
        _ => [],
    };
}
