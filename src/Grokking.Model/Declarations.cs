namespace Grokking;

/// <summary>
/// The name under which experiments ask for a network or an optimiser. Whoever reads or writes configurations finds the class by it;
/// there is no list beside it to be kept in step.
/// </summary>
/// <param name="name">The name, as it is written in files.</param>
/// <param name="description">What it is, in one line.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class KindAttribute(string name, string description) : Attribute
{
    /// <summary>The name, as it is written in files.</summary>
    public string Name { get; } = name;

    /// <summary>What it is, in one line.</summary>
    public string Description { get; } = description;
}

/// <summary>
/// A property that an experiment chooses: its key is the property's name with a small first letter. Properties are numbers, integers or
/// enumerations.
/// </summary>
/// <param name="description">What it is, with its symbol and unit.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string description) : Attribute
{
    /// <summary>What it is, with its symbol and unit.</summary>
    public string Description { get; } = description;

    /// <summary>The least value, or NaN for none.</summary>
    public double From { get; init; } = double.NaN;

    /// <summary>A lower bound that is not allowed itself, or NaN for none.</summary>
    public double Above { get; init; } = double.NaN;

    /// <summary>The largest value, or NaN for none.</summary>
    public double To { get; init; } = double.NaN;

    /// <summary>An upper bound that is not allowed itself, or NaN for none.</summary>
    public double Below { get; init; } = double.NaN;

    /// <summary>What it is where nobody chooses: a number, or the place of an enumeration's member; NaN where somebody must.</summary>
    public double Default { get; init; } = double.NaN;

    /// <summary>
    /// Whether there were runs before there was the setting: then it is not written where it has its default, and these runs keep their identity.
    /// </summary>
    public bool IsLater { get; init; }

    /// <summary>The key of a pair of numbers that the property is a part of; empty where it stands for itself.</summary>
    public string Pair { get; init; } = "";
}
