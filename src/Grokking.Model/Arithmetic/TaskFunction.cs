using System.Globalization;

namespace Grokking.Arithmetic;

/// <summary>
/// A function that formulas may call by name. It says all of itself: its name, how many arguments it takes, what it is, which moduli it
/// needs and what it means; parser, printer, evaluation and schema know nothing more of it. <see cref="TaskFunctions.All"/> finds it by its type.
/// </summary>
public sealed class TaskFunction
{
    private readonly Func<Modulus, Meaning> meaning;
    private readonly int least;
    private readonly int most;

    private TaskFunction(string name, string description, int least, int most, Requirement requirement, Func<Modulus, Meaning> meaning)
    {
        Name = name;
        Description = description;
        Needs = requirement;
        this.least = least;
        this.most = most;
        this.meaning = meaning;
    }

    /// <summary>The value at the arguments, which are residues: a residue, or <see cref="TaskTable.Undefined"/>.</summary>
    internal delegate int Meaning(ReadOnlySpan<int> arguments);

    /// <summary>The name, as formulas write it: small letters.</summary>
    public string Name { get; }

    /// <summary>What it is, in one line; its arguments are a and b.</summary>
    public string Description { get; }

    /// <summary>Whether a conditional may ask it: its values are 0 (no) and 1 (yes).</summary>
    public bool IsPredicate { get; private init; }

    /// <summary>How it is called, such as <c>log(a)</c> or <c>max(a, b, …)</c>.</summary>
    public string Signature => $"{Name}({(least == 1 ? "a" : most == 2 ? "a, b" : "a, b, …")})";

    /// <summary>What the modulus must be.</summary>
    internal Requirement Needs { get; }

    /// <summary>Whether it can be called with so many arguments.</summary>
    /// <param name="arguments">How many.</param>
    /// <returns>True for 1 or 2, as the <see cref="Signature"/> says, or for any number from 2 on.</returns>
    public bool Takes(int arguments) => arguments >= least && arguments <= most;

    /// <summary>The call that a formula would make.</summary>
    /// <returns>The <see cref="Signature"/>.</returns>
    public override string ToString() => Signature;

    /// <summary>A function of one argument.</summary>
    internal static TaskFunction OfOne(string name, string description, Func<Modulus, Func<int, int>> meaning, Requirement? needs = null) =>
        new(name, description, 1, 1, needs ?? Requirement.None, p => On(meaning(p)));

    /// <summary>A function of two arguments.</summary>
    internal static TaskFunction OfTwo(string name, string description, Func<Modulus, Func<int, int, int>> meaning, Requirement? needs = null) =>
        new(name, description, 2, 2, needs ?? Requirement.None, p => Along(meaning(p)));

    /// <summary>A function of two or more arguments, which takes in one after the other from the left.</summary>
    internal static TaskFunction OfMany(string name, string description, Func<Modulus, Func<int, int, int>> meaning, Requirement? needs = null) =>
        new(name, description, 2, int.MaxValue, needs ?? Requirement.None, p => Along(meaning(p)));

    /// <summary>A question about one argument.</summary>
    internal static TaskFunction Asking(string name, string description, Func<int, bool> holds) =>
        new(name, description, 1, 1, Requirement.None, _ => On(value => holds(value) ? 1 : 0)) { IsPredicate = true };

    /// <summary>What it means for a modulus that it can have.</summary>
    internal Meaning In(Modulus modulus) => meaning(modulus);

    /// <summary>Why it cannot be called with so many arguments.</summary>
    internal string Objection(int arguments)
    {
        string allowed = most > 2 ? "two arguments or more" : most == 2 ? "two arguments" : "one argument";
        return string.Create(CultureInfo.InvariantCulture, $"The function '{Name}' takes {allowed}, as in {Signature}, not {arguments}.");
    }

    private static Meaning On(Func<int, int> function) => arguments => function(arguments[0]);

    private static Meaning Along(Func<int, int, int> function) => arguments =>
    {
        int value = arguments[0];
        for (int i = 1; i < arguments.Length && value >= 0; i++)
        {
            value = function(value, arguments[i]);
        }
        return value;
    };

    /// <summary>What a modulus must be.</summary>
    /// <param name="Words">With its article, such as <c>a prime modulus</c>.</param>
    /// <param name="Holds">Whether a modulus is that.</param>
    internal sealed record Requirement(string Words, Func<Modulus, bool> Holds)
    {
        public static Requirement None { get; } = new("any modulus", _ => true);

        public static Requirement Prime { get; } = new("a prime modulus", modulus => modulus.IsPrime);
    }
}
