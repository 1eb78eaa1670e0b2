using System.Globalization;

namespace Grokking.Arithmetic;

/// <summary>
/// Which divisions a modulus allows. A prime allows all: every residue but 0 has an inverse, and tuples with a divisor 0 leave the domain.
/// A composite modulus allows a divisor without operands whose value has an inverse, such as <c>x / 3</c> modulo 10; with any other
/// divisor the quotient would be missing or ambiguous at too many places to be called a task.
/// </summary>
internal static class Quotients
{
    /// <summary>The objection to the formula's divisions, as one sentence; null if there is none.</summary>
    public static string? Check(TaskExpression expression, Modulus modulus) =>
        expression.Nodes().OfType<TaskExpression.Quotient>()
            .Select(quotient => Check(quotient, modulus))
            .FirstOrDefault(objection => objection is not null);

    private static string? Check(TaskExpression.Quotient quotient, Modulus modulus)
    {
        TaskExpression divisor = quotient.Divisor;
        bool isConstant = divisor.CountOperands() == 0;
        if (!isConstant)
        {
            return modulus.IsPrime ? null
                : Say($"The division '{quotient}' needs a prime modulus, and {modulus} is not prime ({Factors(modulus)}).");
        }
        if (divisor.Nodes().OfType<TaskExpression.Quotient>().Any(inner => Check(inner, modulus) is not null))
        {
            return null;    // the inner division is objected to in its own turn
        }
        int value = ConstantValue(divisor, modulus);
        return value < 0 ? Say($"The division '{quotient}' divides by {divisor}, which has no value modulo {modulus}.")
            : value == 0 ? Say($"The division '{quotient}' divides by {divisor}, which is 0 modulo {modulus}.")
            : modulus.IsUnit(value) ? null
            : Say($"The division '{quotient}' divides by {value}, which has no inverse modulo {modulus} ({Factors(modulus)}).");
    }

    private static int ConstantValue(TaskExpression divisor, Modulus modulus)
    {
        var value = new int[1];
        new BlockEvaluation(modulus).Evaluate(divisor, [], value);
        return value[0];
    }

    private static string Factors(Modulus modulus) => $"{modulus} = " + string.Join(" · ", modulus.Factorise().Select(power =>
        power.Exponent == 1 ? Say($"{power.Prime}") : Say($"{power.Prime}^{power.Exponent}")));

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
