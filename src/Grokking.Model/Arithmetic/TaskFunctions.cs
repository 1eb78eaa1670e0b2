using System.Collections.Immutable;
using System.Reflection;

namespace Grokking.Arithmetic;

/// <summary>The functions that formulas may call.</summary>
public static class TaskFunctions
{
    /// <summary>Every public static property of type <see cref="TaskFunction"/> in the Model, by name: an entry needs no list beside it.</summary>
    public static IReadOnlyList<TaskFunction> All { get; } =
    [
        .. typeof(TaskFunction).Assembly.GetTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .Where(property => property.PropertyType == typeof(TaskFunction))
            .Select(property => (TaskFunction)property.GetValue(null)!)
            .OrderBy(function => function.Name, StringComparer.Ordinal),
    ];

    private static readonly ImmutableSortedDictionary<string, TaskFunction> Names =
        All.ToImmutableSortedDictionary(function => function.Name, function => function, StringComparer.Ordinal);

    /// <summary>The function of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The function, or a sentence with the nearest name and all others.</returns>
    public static Result<TaskFunction> Named(string name) => Named(name, All, "function");

    /// <summary>The predicate of a name, for conditionals.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The predicate, or a sentence with the nearest name and all others.</returns>
    public static Result<TaskFunction> PredicateNamed(string name) => Named(name, [.. All.Where(function => function.IsPredicate)], "predicate");

    /// <summary>Why a formula's functions do not go with a modulus, as one sentence; null where they do.</summary>
    internal static string? Check(TaskExpression expression, Modulus modulus) => expression.Nodes().OfType<TaskExpression.Call>()
        .Select(call => call.Function)
        .Where(function => !function.Needs.Holds(modulus))
        .Select(function => $"The function '{function.Name}' needs {function.Needs.Words}, not {modulus}.")
        .FirstOrDefault();

    private static Result<TaskFunction> Named(string name, IReadOnlyList<TaskFunction> known, string what)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Names.TryGetValue(name, out TaskFunction? found) && known.Contains(found))
        {
            return Result.Success(found);
        }
        string[] names = [.. known.Select(function => function.Name)];
        string nearest = NearestName.To(name, names);
        return Result.Failure<TaskFunction>(
            $"There is no {what} '{name}'.{(nearest.Length == 0 ? "" : $" Did you mean '{nearest}'?")} There are {string.Join(", ", names)}.");
    }
}
