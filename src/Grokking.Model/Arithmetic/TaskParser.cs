// Recursive descent; one function per line of the grammar. A function answers null once an error is recorded.
//
//   formula  = 'if' call 'then' formula 'else' formula  |  sum                (the call of a predicate)
//   sum      = product { ('+' | '-') product }
//   product  = signed { ('*' | '/') signed }
//   signed   = { '-' } power
//   power    = atom [ '^' number ]
//   atom     = number | operand | call | '(' formula ')'
//   call     = name '(' formula { ',' formula } ')'                              (names: TaskFunctions)
//   operand  = 'x' | 'y'  or  'x1' | 'x2' | …, not both in one formula
//
// Every test for a token leaves a note of what would have been accepted; an error lists the notes of its place.
using System.Collections.Immutable;
using System.Globalization;

namespace Grokking.Arithmetic;

/// <summary>Reads formulas such as <c>x^2 + x*y</c>, <c>(x1 + x2)*x3</c>, <c>max(x, y)</c> or <c>if odd(y) then x / y else x - y</c>.</summary>
public sealed class TaskParser
{
    /// <summary>The longest text that is read, in UTF-16 units.</summary>
    public const int MaximumLength = 10_000;

    /// <summary>How deep parentheses, functions and conditionals may stand in each other.</summary>
    public const int MaximumNesting = 100;

    private readonly string source;
    private readonly TaskTokens tokens;
    private readonly List<string> expected = [];
    private TaskTokens.Token token;
    private int lastStart;
    private int size;
    private int nesting;
    private bool? numbered;
    private ParseResult.Error? error;

    private TaskParser(string source)
    {
        this.source = source;
        tokens = new TaskTokens(source);
        token = tokens.Next(0);
    }

    /// <summary>Reads a whole text as one formula. No text, however hostile, makes it throw or recurse deeply.</summary>
    /// <param name="source">The text.</param>
    /// <returns>The expression, or the error with its exact place.</returns>
    public static ParseResult Parse(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Length > MaximumLength)
        {
            return new ParseResult.Error(source, MaximumLength, Sentence($"A formula has at most {MaximumLength} characters."));
        }
        var parser = new TaskParser(source);
        TaskExpression? formula = parser.Formula();
        if (formula is not null && parser.token.Kind != TaskTokens.Kind.End)
        {
            parser.expected.Add("the end");
            parser.Unexpected();
        }
        return parser.error is { } found ? found : new ParseResult.Parsed(formula!);
    }

    private TaskExpression? Formula()
    {
        if (!Accepts("if"))
        {
            return Sum();
        }
        return Nested(() =>
        {
            if (token.Kind != TaskTokens.Kind.Word)
            {
                expected.Add("a predicate");
                return Unexpected();
            }
            return Call(TaskFunctions.PredicateNamed(token.Text)) is { } test
                && Requires("then") && Formula() is { } then && Requires("else") && Formula() is { } otherwise
                ? Node(new TaskExpression.Conditional(test, then, otherwise))
                : null;
        });
    }

    private TaskExpression? Sum() => Chain(Product, "+", "-", (left, isFirst, right) =>
        isFirst ? new TaskExpression.Sum(left, right) : new TaskExpression.Difference(left, right));

    private TaskExpression? Product() => Chain(Signed, "*", "/", (left, isFirst, right) =>
        isFirst ? new TaskExpression.Product(left, right) : new TaskExpression.Quotient(left, right));

    private TaskExpression? Signed()
    {
        int signs = 0;
        while (Accepts("-"))
        {
            signs++;
        }
        TaskExpression? result = Power();
        for (; signs > 0 && result is not null; signs--)
        {
            result = Node(new TaskExpression.Negation(result));
        }
        return result;
    }

    private TaskExpression? Power()
    {
        TaskExpression? atom = Atom();
        if (atom is null || !Accepts("^"))
        {
            return atom;
        }
        return Number("an exponent (a whole number)") is { } exponent ? Node(new TaskExpression.Power(atom, exponent)) : null;
    }

    private TaskExpression? Atom()
    {
        switch (token.Kind)
        {
            case TaskTokens.Kind.Number:
                return Number("a number") is { } value ? Node(new TaskExpression.Constant(value)) : null;
            case TaskTokens.Kind.Word when token.Text is "x" or "y":
                return Operand(token.Text == "x" ? 0 : 1, isNumbered: false);
            case TaskTokens.Kind.Word when token.Text[0] == 'x' && token.Text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0:
                bool isKnown = int.TryParse(token.Text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                    && number is >= 1 and <= TaskExpression.MaximumOperands && token.Text[1] != '0';
                return isKnown
                    ? Operand(number - 1, isNumbered: true)
                    : Fail(Sentence($"Operands are numbered x1 to x{TaskExpression.MaximumOperands}; there is no {token.Description}."));
            case TaskTokens.Kind.Word when IsCall():
                return Nested(() => Call(TaskFunctions.Named(token.Text)));
        }
        expected.AddRange(["an operand", "a number", "a function"]);
        if (!Accepts("("))
        {
            return Unexpected();
        }
        return Nested(() => Formula() is { } inner && Requires(")") ? inner : null);
    }

    // A word that is known, or that has an opening parenthesis after it, is meant to be a function.
    private bool IsCall() => token.Text is not ("if" or "then" or "else")
        && (TaskFunctions.Named(token.Text).Succeeded || tokens.Next(token.Start + token.Text.Length).Text == "(");

    private TaskExpression.Call? Call(Result<TaskFunction> named) => named.Match(Call, reason =>
    {
        Fail(reason);
        return null;
    });

    private TaskExpression.Call? Call(TaskFunction function)
    {
        int start = token.Start;
        Advance();
        var arguments = ImmutableArray.CreateBuilder<TaskExpression>();
        if (!Requires("("))
        {
            return null;
        }
        do
        {
            if (Formula() is not { } argument)
            {
                return null;
            }
            arguments.Add(argument);
        }
        while (Accepts(","));
        if (!Requires(")"))
        {
            return null;
        }
        if (!function.Takes(arguments.Count))
        {
            FailAt(start, function.Objection(arguments.Count));
            return null;
        }
        var call = new TaskExpression.Call(function, arguments.ToImmutable());
        return Node(call) is null ? null : call;
    }

    private TaskExpression? Operand(int index, bool isNumbered)
    {
        if (numbered is { } before && before != isNumbered)
        {
            return Fail("Operands are named x and y, or x1, x2, …; a formula cannot use both.");
        }
        numbered = isNumbered;
        Advance();
        return Node(new TaskExpression.Operand(index));
    }

    private int? Number(string what)
    {
        if (token.Kind != TaskTokens.Kind.Number)
        {
            expected.Add(what);
            Unexpected();
            return null;
        }
        if (!int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
        {
            Fail(Sentence($"Numbers go up to {int.MaxValue}."));
            return null;
        }
        Advance();
        return value;
    }

    private TaskExpression? Chain(
        Func<TaskExpression?> part, string first, string second, Func<TaskExpression, bool, TaskExpression, TaskExpression> join)
    {
        TaskExpression? left = part();
        while (left is not null)
        {
            bool isFirst = Accepts(first);
            if (!isFirst && !Accepts(second))
            {
                return left;
            }
            left = part() is { } right ? Node(join(left, isFirst, right)) : null;
        }
        return null;
    }

    private TaskExpression? Nested(Func<TaskExpression?> inside)
    {
        if (nesting == MaximumNesting)
        {
            return FailAt(lastStart, Sentence($"Parentheses, functions and conditionals may stand in each other {MaximumNesting} deep."));
        }
        nesting++;
        TaskExpression? result = inside();
        nesting--;
        return result;
    }

    private TaskExpression? Node(TaskExpression node) => ++size <= TaskExpression.MaximumSize
        ? node
        : FailAt(lastStart, Sentence($"A formula has at most {TaskExpression.MaximumSize} operands, numbers and operations."));

    private bool Accepts(string text)
    {
        if (token.Kind is TaskTokens.Kind.Word or TaskTokens.Kind.Sign && token.Text == text)
        {
            Advance();
            return true;
        }
        expected.Add($"'{text}'");
        return false;
    }

    private bool Requires(string text)
    {
        if (!Accepts(text))
        {
            Unexpected();
            return false;
        }
        return true;
    }

    private void Advance()
    {
        lastStart = token.Start;
        token = tokens.Next(token.Start + token.Text.Length);
        expected.Clear();
    }

    private TaskExpression? Unexpected()
    {
        string[] choices = [.. expected.Distinct()];
        string list = choices.Length == 1 ? choices[0] : $"{string.Join(", ", choices[..^1])} or {choices[^1]}";
        bool startsFactor = token.Kind is TaskTokens.Kind.Number or TaskTokens.Kind.Word || token.Text == "(";
        string hint = token.Text is "if" ? "; inside a formula an 'if' stands in parentheses"
            : startsFactor && choices.Contains("'*'") && token.Text is not ("then" or "else") ? "; a product is written with '*'"
            : "";
        return Fail($"Expected {list} but found {token.Description}{hint}.");
    }

    private TaskExpression? Fail(string message) => FailAt(token.Start, message);

    private TaskExpression? FailAt(int position, string message)
    {
        error ??= new ParseResult.Error(source, position, message);
        return null;
    }

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
