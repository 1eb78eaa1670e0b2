using System.Linq.Expressions;
using static System.Linq.Expressions.Expression;

namespace Grokking.Engine.Cpu;

/// <summary>
/// Writes a chain as an expression tree: line after line, and for each vector of a line all operations, in registers. A line's last,
/// incomplete vector is computed like the others with only its elements loaded and stored, so the bits of an element depend neither
/// on its place nor on the width of the vectors.
/// </summary>
internal sealed class ChainLambda
{
    private readonly ChainForm form;
    private readonly ChainOperations operations;
    private readonly ParameterExpression addresses = Parameter(typeof(long), "addresses");
    private readonly ParameterExpression steps = Parameter(typeof(long), "steps");
    private readonly ParameterExpression lines = Parameter(typeof(long), "lines");
    private readonly ParameterExpression bytes = Parameter(typeof(long), "bytes");
    private readonly ParameterExpression at = Variable(typeof(long), "at");
    private readonly ParameterExpression lastFull = Variable(typeof(long), "lastFull");

    /// <summary>Each view's address in the current line, and each constant's.</summary>
    private readonly ParameterExpression[] places;

    /// <summary>Constants, and views that repeat one element throughout a line: a vector each.</summary>
    private readonly Dictionary<int, ParameterExpression> repeated;

    internal ChainLambda(ChainForm form, ChainOperations operations)
    {
        this.form = form;
        this.operations = operations;
        places = [.. Enumerable.Range(0, form.Memory.Length + form.Numbers.Length).Select(i => Variable(typeof(long), $"place{i}"))];
        repeated = Enumerable.Range(0, places.Length).Where(i => form.InnerStep(i) == 0)
            .ToDictionary(i => i, i => Variable(operations.Vector, $"repeated{i}"));
    }

    /// <summary>The whole function.</summary>
    internal Expression<ChainLines> Lines()
    {
        var end = Label();
        var views = Enumerable.Range(0, form.Memory.Length).ToList();
        return Lambda<ChainLines>(
            Block(
                [at, lastFull, .. places, .. repeated.Values],
                [
                    .. places.Select((place, i) => Assign(place, Word(addresses, i))),
                    .. repeated.Keys.Where(i => i >= form.Memory.Length).Select(Repeat),
                    Assign(lastFull, Subtract(bytes, Constant((long)operations.Bytes))),
                    Loop(
                        Block([
                            .. repeated.Keys.Where(i => i < form.Memory.Length).Select(Repeat),
                            Line(),
                            SubtractAssign(lines, Constant(1L)),
                            IfThen(Equal(lines, Constant(0L)), Break(end)),
                            .. views.Select(i => AddAssign(places[i], Word(steps, i))),
                        ]),
                        end),
                ]),
            addresses, steps, lines, bytes);
    }

    private BlockExpression Line()
    {
        var end = Label();
        return Block(
            Assign(at, Constant(0L)),
            IfThen(
                LessThanOrEqual(at, lastFull),
                Loop(
                    Block(
                        Links(isFull: true),
                        AddAssign(at, Constant((long)operations.Bytes)),
                        IfThen(GreaterThan(at, lastFull), Break(end))),
                    end)),
            IfThen(LessThan(at, bytes), Links(isFull: false)));
    }

    /// <summary>All operations on the elements from <see cref="at"/> on: a full vector, or what is left of the line.</summary>
    private BlockExpression Links(bool isFull)
    {
        var variables = new List<ParameterExpression>();
        var statements = new List<Expression>();
        var values = repeated.ToDictionary(pair => new Argument(false, pair.Key), pair => pair.Value);
        ParameterExpression Keep(Argument argument, Expression value)
        {
            var variable = Variable(operations.Vector);
            variables.Add(variable);
            statements.Add(Assign(variable, value));
            return values[argument] = variable;
        }

        // A view is read right before its first use and a result written at once, in the interpreter's order.
        ParameterExpression Value(Argument argument) =>
            values.TryGetValue(argument, out var known) ? known : Keep(argument, Load(argument.Index, isFull));
        for (var i = 0; i < form.Links.Length; i++)
        {
            var link = form.Links[i];
            var result = Keep(new(true, i), operations.Of(link.Primitive, Value(link.A), Value(link.B)));
            if (link.IsStored)
            {
                var to = Add(places[link.Store], at);
                statements.Add(isFull ? operations.InMemory("Store", to, result) : operations.InMemory("StoreFirst", to, result, Left));
            }
        }

        return Block(variables, statements);
    }

    private BinaryExpression Left => Subtract(bytes, at);

    private MethodCallExpression Load(int view, bool isFull)
    {
        var step = Constant((long)form.InnerStep(view));
        return (form.InnerStep(view), isFull) switch
        {
            (1, true) => operations.InMemory("Load", Add(places[view], at)),
            (1, false) => operations.InMemory("LoadFirst", Add(places[view], at), Left),
            (_, true) => operations.InMemory("Gather", Add(places[view], Multiply(at, step)), step, Constant((long)operations.Bytes)),
            (_, false) => operations.InMemory("Gather", Add(places[view], Multiply(at, step)), step, Left),
        };
    }

    private BinaryExpression Repeat(int operand) => Assign(repeated[operand], operations.Repeat(operations.InMemory("Element", places[operand])));

    private MethodCallExpression Word(ParameterExpression table, int place) => operations.InMemory("Word", Add(table, Constant(8L * place)));
}
