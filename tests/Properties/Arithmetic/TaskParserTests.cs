using FsCheck.Xunit;
using Grokking.Arithmetic;
using Grokking.Properties.Arbitraries;

namespace Grokking.Properties.Arithmetic;

[Properties(Arbitrary = [typeof(Expressions)])]
public sealed class TaskParserTests
{
    [Property(MaxTest = 500)]
    public void Parsing_a_printed_formula_gives_it_back(AnyExpression any) =>
        Assert.Equal(new ParseResult.Parsed(any.Value), TaskParser.Parse(any.Value.ToString()));

    [Property]
    public void No_pair_of_parentheses_can_be_left_out(AnyExpression any)
    {
        string text = any.Value.ToString();
        foreach (int open in Enumerable.Range(0, text.Length).Where(i => text[i] == '('))
        {
            int depth = 0;
            int close = Enumerable.Range(open, text.Length - open).First(i => (depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0) == 0);
            string without = text.Remove(close, 1).Remove(open, 1).Insert(open, " ");
            Assert.NotEqual(new ParseResult.Parsed(any.Value), TaskParser.Parse(without));
        }
    }

    [Property]
    public void White_space_between_the_words_means_nothing(AnyExpression any)
    {
        string spread = string.Concat(any.Value.ToString().Select(c => char.IsAsciiLetterOrDigit(c) ? $"{c}" : $"\t{c}\n "));
        Assert.Equal(new ParseResult.Parsed(any.Value), TaskParser.Parse(spread));
    }

    [Property(MaxTest = 300)]
    public void Any_text_at_all_is_answered_with_a_formula_or_a_place_inside_it(string? text)
    {
        if (TaskParser.Parse(text ?? "") is ParseResult.Error error)
        {
            Assert.InRange(error.Position, 0, (text ?? "").Length);
            Assert.EndsWith("^", error.Rendering, StringComparison.Ordinal);
            Assert.Equal(3, error.Rendering.Split('\n').Length);
        }
    }

    [Property(MaxTest = 300)]
    public void A_formula_with_one_character_replaced_never_throws(AnyExpression any, int place, char character)
    {
        string text = any.Value.ToString();
        int i = (int)((uint)place % (uint)text.Length);
        Assert.NotNull(TaskParser.Parse(text.Remove(i, 1).Insert(i, $"{character}")));
    }

    [Theory]
    [InlineData("x + y", "x + y")]
    [InlineData("x1+x2", "x + y")]
    [InlineData("x^2 + x*y + y^2", "x^2 + x*y + y^2")]
    [InlineData("x - (y - 1)", "x - (y - 1)")]
    [InlineData("(x - y) - 1", "x - y - 1")]
    [InlineData("-x^2", "-x^2")]
    [InlineData("(-x)^2", "(-x)^2")]
    [InlineData("-(x*y)", "-(x*y)")]
    [InlineData("-x*y", "-x*y")]
    [InlineData("x / (y*2)", "x / (y*2)")]
    [InlineData("x1 + x2 + x3", "x1 + x2 + x3")]
    [InlineData("if odd(y) then x / y else x - y", "if odd(y) then x / y else x - y")]
    [InlineData("(if even ( x+y ) then 1 else 0)*x", "(if even(x + y) then 1 else 0)*x")]
    [InlineData("((((x))))", "x")]
    [InlineData("max( (x) ,y,- 1)", "max(x, y, -1)")]
    [InlineData("min(x, y)^2*log(x)", "min(x, y)^2*log(x)")]
    [InlineData("odd(x)*y", "odd(x)*y")]
    [InlineData("max(if zero(x) then 1 else y, x)", "max(if zero(x) then 1 else y, x)")]
    public void Formulas_are_printed_in_one_canonical_way(string text, string canonical) =>
        Assert.Equal(canonical, Assert.IsType<ParseResult.Parsed>(TaskParser.Parse(text)).Value.ToString());

    [Theory]
    [InlineData("", "^", "an operand")]
    [InlineData("   ", "   ^", "found the end")]
    [InlineData("x +", "   ^", "found the end")]
    [InlineData("x + * y", "    ^", "found '*'")]
    [InlineData("x + y)", "     ^", "or the end but found ')'")]
    [InlineData("(x + y", "      ^", "or ')' but found the end")]
    [InlineData("2x", " ^", "a product is written with '*'")]
    [InlineData("x y", "  ^", "a product is written with '*'")]
    [InlineData("(x)(y)", "   ^", "a product is written with '*'")]
    [InlineData("x + z", "    ^", "found 'z'")]
    [InlineData("x + sin(y)", "    ^", "There is no function 'sin'. Did you mean 'min'? There are compose, even, ")]
    [InlineData("x + totient (y)", "    ^", "There is no function 'totient'. There are compose, even, ")]
    [InlineData("max(x)", "^", "The function 'max' takes two arguments or more, as in max(a, b, …), not 1.")]
    [InlineData("x + log(x, y)", "    ^", "The function 'log' takes one argument, as in log(a), not 2.")]
    [InlineData("x + log", "       ^", "Expected '(' but found the end")]
    [InlineData("max(x, y", "        ^", "',' or ')' but found the end")]
    [InlineData("max()", "    ^", "an operand")]
    [InlineData("if max(x, y) then x else y", "   ^", "There is no predicate 'max'. There are even, odd, zero.")]
    [InlineData("if 3 then x else y", "   ^", "Expected a predicate but found '3'")]
    [InlineData("X + y", "^", "found 'X'")]
    [InlineData("x ** 2", "   ^", "found '*'")]
    [InlineData("x^-1", "  ^", "an exponent (a whole number)")]
    [InlineData("x^y", "  ^", "an exponent (a whole number)")]
    [InlineData("x^2^3", "   ^", "found '^'")]
    [InlineData("x % y", "  ^", "found '%'")]
    [InlineData("x \u00D7 y", "  ^", "found '\u00D7'")]
    [InlineData("x + 1.5", "     ^", "found '.'")]
    [InlineData("x + 99999999999", "    ^", "Numbers go up to 2147483647")]
    [InlineData("x^99999999999", "  ^", "Numbers go up to 2147483647")]
    [InlineData("x0 + y", "^", "numbered x1 to x23")]
    [InlineData("x1 + x24", "     ^", "numbered x1 to x23")]
    [InlineData("x1 + x02", "     ^", "numbered x1 to x23")]
    [InlineData("x + x2", "    ^", "cannot use both")]
    [InlineData("x2 + y", "     ^", "cannot use both")]
    [InlineData("if odd(y) then x", "                ^", "'else'")]
    [InlineData("if odd(y) x else y", "          ^", "'then'")]
    [InlineData("if odd y then x else y", "       ^", "Expected '(' but found 'y'")]
    [InlineData("if prime(y) then x else y", "   ^", "There is no predicate 'prime'. There are even, odd, zero.")]
    [InlineData("x + if odd(y) then x else y", "    ^", "stands in parentheses")]
    [InlineData("x\t+\t+", " \t \t^", "found '+'")]
    [InlineData("x \u0007 y", "  ^", "the character U+0007")]
    [InlineData("x \uD800", "  ^", "the character U+FFFD")]
    public void The_caret_stands_under_the_exact_place(string text, string caret, string fragment)
    {
        var error = Assert.IsType<ParseResult.Error>(TaskParser.Parse(text));
        Assert.Contains(fragment, error.Message, StringComparison.Ordinal);
        Assert.Equal("  " + caret, error.Rendering.Split('\n')[2]);
        Assert.Equal(caret.Length - 1, error.Position);
        Assert.Contains($"(column {caret.Length})", error.Rendering, StringComparison.Ordinal);
    }

    [Fact]
    public void The_place_is_found_in_a_text_of_several_lines()
    {
        var error = Assert.IsType<ParseResult.Error>(TaskParser.Parse("x +\r\n  y +\n  ?\n + 1"));
        Assert.Equal("Expected '-', an operand, a number, a function or '(' but found '?'. (line 3, column 3)\n    ?\n    ^", error.Rendering);
    }

    [Fact]
    public void A_long_line_is_cut_around_the_place()
    {
        string text = string.Join(" + ", Enumerable.Repeat("x", 100)) + " + ? + " + string.Join(" + ", Enumerable.Repeat("y", 50));
        string[] lines = Assert.IsType<ParseResult.Error>(TaskParser.Parse(text)).Rendering.Split('\n');
        Assert.InRange(lines[1].Length, 50, 110);
        Assert.Equal('?', lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)]);
    }

    [Fact]
    public void Hostile_sizes_are_refused_in_a_sentence_and_not_by_the_stack()
    {
        (string Text, string Reason)[] hostile =
        [
            (new string('(', 9_999), "100 deep"),
            (string.Concat(Enumerable.Repeat("if odd(", 1_000)), "100 deep"),
            (string.Concat(Enumerable.Repeat("max(x, ", 1_000)), "100 deep"),
            (new string('-', 9_000) + "x", "500 operands"),
            (string.Join('+', Enumerable.Repeat("x", 4_000)), "500 operands"),
            (new string('x', 10_001), "10000 characters"),
            (string.Join('\n', Enumerable.Repeat(" ", 6_000)), "10000 characters"),
        ];
        foreach ((string text, string reason) in hostile)
        {
            var error = Assert.IsType<ParseResult.Error>(TaskParser.Parse(text));
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
            Assert.EndsWith("^", error.Rendering, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_limits_are_exact()
    {
        static bool Reads(string text) => TaskParser.Parse(text) is ParseResult.Parsed;
        static string Nested(int depth) => new string('(', depth) + "x" + new string(')', depth);
        static string Long(int length) => "x".PadRight(length);
        static string Large(int size) => "x".PadLeft(size, '-');
        Assert.Equal((true, false), (Reads(Nested(TaskParser.MaximumNesting)), Reads(Nested(TaskParser.MaximumNesting + 1))));
        Assert.Equal((true, false), (Reads(Long(TaskParser.MaximumLength)), Reads(Long(TaskParser.MaximumLength + 1))));
        Assert.Equal((true, false), (Reads(Large(TaskExpression.MaximumSize)), Reads(Large(TaskExpression.MaximumSize + 1))));
    }

    [Fact]
    public void The_largest_formula_that_is_allowed_prints_parses_and_evaluates()
    {
        string nested = new string('(', 100) + "x" + new string(')', 100);
        string deep = new string('-', 499) + "x";
        string wide = string.Join(" - (", Enumerable.Repeat("x", 101)) + new string(')', 100);
        foreach (string text in new[] { nested, deep, wide })
        {
            ArithmeticTask task = ArithmeticTask.Parse(text, new Modulus(5)).OrThrow();
            Assert.Equal(new ParseResult.Parsed(task.Expression), TaskParser.Parse(task.Text));
            Assert.Equal(5, task.Tabulate().Values.Length);
        }
    }
}
