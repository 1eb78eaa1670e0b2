using System.Globalization;

namespace Grokking.Arithmetic;

public abstract partial record TaskExpression
{
    /// <summary>A non-negative integer.</summary>
    public sealed record Constant : TaskExpression
    {
        /// <summary>The constant of a value.</summary>
        /// <param name="value">0 or more; a negative number is a <see cref="Negation"/>.</param>
        /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is negative.</exception>
        public Constant(int value)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Value = value;
        }

        /// <summary>The integer, not yet reduced by a modulus.</summary>
        public int Value { get; }

        internal override TaskBinding Binding => TaskBinding.Atom;

        private protected override IReadOnlyList<TaskExpression> Inside => [];

        internal override void Write(TaskPrinter printer) => printer.Add(Value.ToString(CultureInfo.InvariantCulture));

        internal override void Evaluate(BlockEvaluation block, int[][] operands, Span<int> values) => values.Fill(block.Modulus.Reduce(Value));
    }

    /// <summary>One of the operands.</summary>
    public sealed record Operand : TaskExpression
    {
        /// <summary>The operand at a position.</summary>
        /// <param name="index">0 for x (or x1), 1 for y (or x2), …</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
        public Operand(int index)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, MaximumOperands);
            Index = index;
        }

        /// <summary>The position, from 0.</summary>
        public int Index { get; }

        internal override TaskBinding Binding => TaskBinding.Atom;

        private protected override IReadOnlyList<TaskExpression> Inside => [];

        internal override void Write(TaskPrinter printer) => printer.Add(OperandName(Index, printer.Numbered));

        internal override void Evaluate(BlockEvaluation block, int[][] operands, Span<int> values) =>
            operands[Index].AsSpan(0, values.Length).CopyTo(values);
    }

    /// <summary>-Inner.</summary>
    /// <param name="Inner">What is negated.</param>
    public sealed record Negation(TaskExpression Inner) : TaskExpression
    {
        internal override TaskBinding Binding => TaskBinding.Negation;

        private protected override IReadOnlyList<TaskExpression> Inside => [Inner];

        internal override void Write(TaskPrinter printer)
        {
            printer.Add("-");
            printer.Add(Inner, TaskBinding.Negation);
        }

        internal override void Evaluate(BlockEvaluation block, int[][] operands, Span<int> values) =>
            block.Map(Inner, operands, values, block.Modulus.Negate);
    }

    /// <summary>Left + Right.</summary>
    /// <param name="Left">The first summand.</param>
    /// <param name="Right">The second summand.</param>
    public sealed record Sum(TaskExpression Left, TaskExpression Right) : TaskExpression
    {
        internal override TaskBinding Binding => TaskBinding.Sum;

        private protected override IReadOnlyList<TaskExpression> Inside => [Left, Right];

        internal override void Write(TaskPrinter printer) => printer.AddPair(Left, TaskBinding.Sum, " + ", Right, TaskBinding.Product);

        internal override void Evaluate(BlockEvaluation block, int[][] operands, Span<int> values) =>
            block.Combine(Left, Right, operands, values, block.Modulus.Add);
    }

    /// <summary>Left - Right.</summary>
    /// <param name="Left">The minuend.</param>
    /// <param name="Right">The subtrahend.</param>
    public sealed record Difference(TaskExpression Left, TaskExpression Right) : TaskExpression
    {
        internal override TaskBinding Binding => TaskBinding.Sum;

        private protected override IReadOnlyList<TaskExpression> Inside => [Left, Right];

        internal override void Write(TaskPrinter printer) => printer.AddPair(Left, TaskBinding.Sum, " - ", Right, TaskBinding.Product);

        internal override void Evaluate(BlockEvaluation block, int[][] operands, Span<int> values) =>
            block.Combine(Left, Right, operands, values, block.Modulus.Subtract);
    }

    /// <summary>Left * Right.</summary>
    /// <param name="Left">The first factor.</param>
    /// <param name="Right">The second factor.</param>
    public sealed record Product(TaskExpression Left, TaskExpression Right) : TaskExpression
    {
        internal override TaskBinding Binding => TaskBinding.Product;

        private protected override IReadOnlyList<TaskExpression> Inside => [Left, Right];

        internal override void Write(TaskPrinter printer) => printer.AddPair(Left, TaskBinding.Product, "*", Right, TaskBinding.Negation);

        internal override void Evaluate(BlockEvaluation block, int[][] operands, Span<int> values) =>
            block.Combine(Left, Right, operands, values, block.Modulus.Multiply);
    }

    /// <summary>The z with z * Divisor = Dividend: true division, undefined where the divisor is 0.</summary>
    /// <param name="Dividend">What is divided.</param>
    /// <param name="Divisor">What it is divided by.</param>
    public sealed record Quotient(TaskExpression Dividend, TaskExpression Divisor) : TaskExpression
    {
        internal override TaskBinding Binding => TaskBinding.Product;

        private protected override IReadOnlyList<TaskExpression> Inside => [Dividend, Divisor];

        internal override void Write(TaskPrinter printer) => printer.AddPair(Dividend, TaskBinding.Product, " / ", Divisor, TaskBinding.Negation);

        internal override void Evaluate(BlockEvaluation block, int[][] operands, Span<int> values) =>
            block.Combine(Dividend, Divisor, operands, values, block.Divide);
    }

    /// <summary>Base ^ Exponent; everything to the power 0 is 1.</summary>
    public sealed record Power : TaskExpression
    {
        /// <summary>A power.</summary>
        /// <param name="base">What is raised.</param>
        /// <param name="exponent">An integer, 0 or more.</param>
        /// <exception cref="ArgumentOutOfRangeException"><paramref name="exponent"/> is negative.</exception>
        public Power(TaskExpression @base, int exponent)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(exponent);
            Base = @base;
            Exponent = exponent;
        }

        /// <summary>What is raised.</summary>
        public TaskExpression Base { get; }

        /// <summary>The exponent, an integer and not a residue.</summary>
        public int Exponent { get; }

        internal override TaskBinding Binding => TaskBinding.Power;

        private protected override IReadOnlyList<TaskExpression> Inside => [Base];

        internal override void Write(TaskPrinter printer)
        {
            printer.Add(Base, TaskBinding.Atom);
            printer.Add(string.Create(CultureInfo.InvariantCulture, $"^{Exponent}"));
        }

        internal override void Evaluate(BlockEvaluation block, int[][] operands, Span<int> values) =>
            block.Map(Base, operands, values, value => block.Modulus.Power(value, Exponent));
    }
}
