using System.Collections.Immutable;

namespace Grokking.Arithmetic;

public abstract partial record TaskExpression
{
    /// <summary>A named function of its arguments, such as <c>max(x, y)</c>.</summary>
    public sealed record Call : TaskExpression
    {
        /// <summary>A call.</summary>
        /// <param name="function">The function.</param>
        /// <param name="arguments">As many as it takes.</param>
        /// <exception cref="ArgumentException">The function takes another number of arguments.</exception>
        public Call(TaskFunction function, ImmutableArray<TaskExpression> arguments)
        {
            ArgumentNullException.ThrowIfNull(function);
            if (!function.Takes(arguments.Length))
            {
                throw new ArgumentException(function.Objection(arguments.Length), nameof(arguments));
            }
            Function = function;
            Arguments = arguments;
        }

        /// <summary>The function.</summary>
        public TaskFunction Function { get; }

        /// <summary>The arguments, left to right.</summary>
        public ImmutableArray<TaskExpression> Arguments { get; }

        internal override TaskBinding Binding => TaskBinding.Atom;

        private protected override IReadOnlyList<TaskExpression> Inside => Arguments;

        /// <summary>Whether both call the same function with equal arguments.</summary>
        /// <param name="other">Another call.</param>
        /// <returns>True if they are equal.</returns>
        public bool Equals(Call? other) => other is not null && Function == other.Function && Arguments.SequenceEqual(other.Arguments);

        /// <inheritdoc/>
        public override int GetHashCode() => Arguments.Aggregate(Function.GetHashCode(), HashCode.Combine);

        internal override void Write(TaskPrinter printer)
        {
            printer.Add($"{Function.Name}(");
            for (int i = 0; i < Arguments.Length; i++)
            {
                printer.Add(i > 0 ? ", " : "");
                printer.Add(Arguments[i], TaskBinding.Conditional);
            }
            printer.Add(")");
        }

        internal override void Evaluate(BlockEvaluation block, int[][] operands, Span<int> values) =>
            block.Apply(Function, Arguments, operands, values);
    }

    /// <summary>if Test then Then else Else; only the branch taken needs to be defined.</summary>
    public sealed record Conditional : TaskExpression
    {
        /// <summary>A conditional.</summary>
        /// <param name="test">What decides: the call of a predicate.</param>
        /// <param name="then">The value where it holds.</param>
        /// <param name="else">The value elsewhere.</param>
        /// <exception cref="ArgumentException">The function called by <paramref name="test"/> is no predicate.</exception>
        public Conditional(Call test, TaskExpression then, TaskExpression @else)
        {
            ArgumentNullException.ThrowIfNull(test);
            if (!test.Function.IsPredicate)
            {
                throw new ArgumentException($"'{test.Function.Name}' is no predicate.", nameof(test));
            }
            (Test, Then, Else) = (test, then, @else);
        }

        /// <summary>What decides.</summary>
        public Call Test { get; }

        /// <summary>The value where the test holds.</summary>
        public TaskExpression Then { get; }

        /// <summary>The value elsewhere.</summary>
        public TaskExpression Else { get; }

        internal override TaskBinding Binding => TaskBinding.Conditional;

        private protected override IReadOnlyList<TaskExpression> Inside => [Test, Then, Else];

        internal override void Write(TaskPrinter printer)
        {
            printer.Add("if ");
            printer.Add(Test, TaskBinding.Atom);
            printer.Add(" then ");
            printer.AddPair(Then, TaskBinding.Conditional, " else ", Else, TaskBinding.Conditional);
        }

        internal override void Evaluate(BlockEvaluation block, int[][] operands, Span<int> values) => block.Choose(this, operands, values);
    }
}
