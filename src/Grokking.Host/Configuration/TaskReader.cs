using System.Text.Json.Nodes;
using Grokking.Arithmetic;

namespace Grokking.Host.Configuration;

/// <summary>Reads the object <c>task</c>. What the formula means for its modulus is judged later, when a task is made of it.</summary>
internal static class TaskReader
{
    private const int LeastModulus = 2;

    /// <summary>Reads the object.</summary>
    public static TaskSettings Read(JsonSection section)
    {
        string operation = section.Text("operation");
        long modulus = section.Integer("modulus", LeastModulus, Limits.Modulus);
        long? operands = section.Has("operands") ? section.Integer("operands", 1, TaskExpression.MaximumOperands) : null;
        section.Close();
        return new(operation, (int)modulus, (int)(operands ?? 0));
    }

    /// <summary>What editors are told of the formula: the grammar, and the functions that the Model has.</summary>
    public static JsonObject OperationSchema() => new()
    {
        ["type"] = "string",
        ["minLength"] = 1,
        ["maxLength"] = 200,
        ["description"] = "A formula over x and y (or x1, x2, ...): + - * / ^, parentheses, constants, `if odd(y) then ... else ...`, and functions. "
            + string.Join(" ", TaskFunctions.All.Select(function => $"{function.Signature}: {function.Description}.")),
        ["examples"] = new JsonArray("x + y", "x^2 + x*y + y^2", "x / y", "max(x, y)"),
    };
}
